-- Credit memos, refunds, and which belongs to which. A refund has one memo; a memo may have several refunds.

CREATE TABLE creditmemos (
  instance VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  creditmemo_id BIGINT UNSIGNED NOT NULL,
  order_id BIGINT UNSIGNED NOT NULL,
  increment_id VARCHAR(50) COLLATE utf8mb4_bin NOT NULL,
  snapshot MEDIUMTEXT COLLATE utf8mb4_bin NOT NULL,
  refused_code VARCHAR(255) COLLATE utf8mb4_bin NULL,
  PRIMARY KEY (instance, creditmemo_id),
  KEY by_order (instance, order_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE refunds (
  account VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mode VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  refund_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  instance VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_id BIGINT UNSIGNED NOT NULL,
  view MEDIUMTEXT COLLATE utf8mb4_bin NOT NULL,
  status VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- How far it is: 0 waits, 1 succeeded, 2 failed or cancelled, which nothing follows.
  reached TINYINT UNSIGNED NOT NULL,
  dismissed VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (account, mode, refund_id),
  KEY by_order (instance, order_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Apart from both, since a link may be known before either.
CREATE TABLE refund_links (
  account VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mode VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  refund_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  instance VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_id BIGINT UNSIGNED NOT NULL,
  creditmemo_id BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (account, mode, refund_id),
  KEY by_order (instance, order_id),
  KEY by_creditmemo (instance, creditmemo_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
