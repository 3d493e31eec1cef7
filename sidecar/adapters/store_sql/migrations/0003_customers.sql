-- The ledger and the timeline are kept for customers as well as for orders. A row that is no order's names its subject,
-- and has 0 in `order_id`, which is no order of Magento's and which the release before never asks for.

ALTER TABLE effect_ledger
  ADD COLUMN subject VARCHAR(320) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD KEY by_subject (subject, state);

ALTER TABLE timeline
  ADD COLUMN subject VARCHAR(320) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD KEY by_subject (subject, at, id);

-- What Magento says of a customer, and since when it says nothing any more.
CREATE TABLE customers (
  instance VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  customer_id BIGINT UNSIGNED NOT NULL,
  store TEXT COLLATE utf8mb4_bin NULL,
  snapshot MEDIUMTEXT COLLATE utf8mb4_bin NULL,
  updated_at DATETIME(6) NULL,
  -- Two different snapshots of one second have come: which of them is the newer one, only Magento knows.
  certain BOOLEAN NOT NULL DEFAULT TRUE,
  deleted_at DATETIME(6) NULL,
  PRIMARY KEY (instance, customer_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What both sides had when they last agreed, and what Stripe said last. `number` counts the Stripe Customers that have
-- stood for this buyer, `revision` the agreements with this one.
ALTER TABLE customer_links
  ADD COLUMN number INT UNSIGNED NOT NULL DEFAULT 1,
  ADD COLUMN gone_at DATETIME(6) NULL,
  ADD COLUMN agreed MEDIUMTEXT COLLATE utf8mb4_bin NULL,
  ADD COLUMN revision INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN seen MEDIUMTEXT COLLATE utf8mb4_bin NULL,
  ADD COLUMN seen_at DATETIME(6) NULL,
  ADD KEY by_customer (account, mode, customer_id),
  ADD KEY by_buyer (instance, buyer);
