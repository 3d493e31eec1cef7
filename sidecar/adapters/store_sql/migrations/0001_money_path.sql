-- Orders, what is linked to them, the effect ledger, the inbox and the story of an order.
-- A statement ends with a semicolon at the end of a line. A migration only adds: the release before must go on working.

CREATE TABLE orders (
  instance VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_id BIGINT UNSIGNED NOT NULL,
  increment_id VARCHAR(50) COLLATE utf8mb4_bin NULL,
  account VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  mode VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NULL,
  website_code VARCHAR(64) COLLATE utf8mb4_bin NULL,
  buyer VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  placed_at DATETIME(6) NULL,
  snapshot MEDIUMTEXT COLLATE utf8mb4_bin NULL,
  canceled_at DATETIME(6) NULL,
  window_closes_at DATETIME(6) NULL,
  window_closed_at DATETIME(6) NULL,
  window_settled BOOLEAN NOT NULL DEFAULT FALSE,
  -- Only open windows are in the index's readable range, so that looking for due ones does not grow with history.
  window_due_at DATETIME(6) GENERATED ALWAYS AS
    (CASE WHEN window_settled = 0 AND window_closed_at IS NULL THEN window_closes_at END) STORED,
  PRIMARY KEY (instance, order_id),
  KEY by_increment_id (increment_id),
  KEY by_window_due_at (window_due_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE payment_intents (
  account VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mode VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  intent_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  instance VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_id BIGINT UNSIGNED NOT NULL,
  view MEDIUMTEXT COLLATE utf8mb4_bin NOT NULL,
  status VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- 0: not final. Above: final, and a higher one tells more.
  finality TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (account, mode, intent_id),
  KEY by_order (instance, order_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE checkout_sessions (
  account VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mode VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  session_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  instance VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_id BIGINT UNSIGNED NOT NULL,
  view MEDIUMTEXT COLLATE utf8mb4_bin NOT NULL,
  status VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  finality TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (account, mode, session_id),
  KEY by_order (instance, order_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE customer_links (
  account VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mode VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  instance VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  website_code VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  buyer VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  customer_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (account, mode, instance, website_code, buyer)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE effect_ledger (
  effect_key VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  instance VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_id BIGINT UNSIGNED NOT NULL,
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  params MEDIUMTEXT COLLATE utf8mb4_bin NOT NULL,
  result MEDIUMTEXT COLLATE utf8mb4_bin NULL,
  last_error VARCHAR(1000) COLLATE utf8mb4_bin NULL,
  attempts INT UNSIGNED NOT NULL,
  started_at DATETIME(6) NOT NULL,
  done_at DATETIME(6) NULL,
  PRIMARY KEY (effect_key),
  KEY by_order (instance, order_id),
  KEY by_done_at (done_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE inbox (
  consumer VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- The first 16 bytes of the SHA-256 of source and event id: both may be long, and the key is in memory.
  event_hash BINARY(16) NOT NULL,
  done_at DATETIME(6) NOT NULL,
  PRIMARY KEY (consumer, event_hash),
  KEY by_done_at (done_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE timeline (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  at DATETIME(6) NOT NULL,
  instance VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_id BIGINT UNSIGNED NOT NULL,
  source VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  summary TEXT COLLATE utf8mb4_bin NOT NULL,
  detail TEXT COLLATE utf8mb4_bin NOT NULL,
  trace_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (id, at),
  KEY by_order (instance, order_id, at, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
PARTITION BY RANGE COLUMNS (at) (
  -- Months are split off this one ahead of time; it takes whatever has no month yet, so that no insert ever fails.
  PARTITION p_rest VALUES LESS THAN (MAXVALUE)
);

CREATE TABLE cursors (
  name VARCHAR(191) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  value TEXT COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE replicas (
  group_name VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  replica VARCHAR(191) COLLATE utf8mb4_bin NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY (group_name, replica),
  KEY by_expiry (group_name, expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
