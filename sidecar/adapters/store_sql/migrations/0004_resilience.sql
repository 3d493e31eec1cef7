-- Dead letters as far as they are known without reading their queues, and who dealt with them how; and the circuit of
-- each upstream, which all replicas share.

CREATE TABLE parked_messages (
  queue VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ref CHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- How many of the same message lie there; none once they are dealt with.
  copies INT UNSIGNED NOT NULL,
  event_id VARCHAR(128) COLLATE utf8mb4_bin NULL,
  source VARCHAR(128) COLLATE utf8mb4_bin NULL,
  type VARCHAR(128) COLLATE utf8mb4_bin NULL,
  reason VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  subject VARCHAR(320) CHARACTER SET ascii COLLATE ascii_bin NULL,
  parked_at DATETIME(6) NOT NULL,
  ended_at DATETIME(6) NULL,
  ended_as VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ended_by VARCHAR(128) COLLATE utf8mb4_bin NULL,
  ended_why VARCHAR(500) COLLATE utf8mb4_bin NULL,
  PRIMARY KEY (queue, ref),
  KEY by_event (queue, event_id),
  KEY lying (copies, queue, reason),
  KEY by_end (ended_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE circuits (
  -- Which upstream: stripe:main/live, magento-rest:shop, magento-db:shop.
  name VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  state VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  opened INT UNSIGNED NOT NULL,
  reason VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  changed_at DATETIME(6) NOT NULL,
  retry_at DATETIME(6) NULL,
  probe_by VARCHAR(191) COLLATE utf8mb4_bin NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
