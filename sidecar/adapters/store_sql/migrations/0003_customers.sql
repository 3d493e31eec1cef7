-- The ledger and the timeline belong to a customer as well as to an order. A customer's rows have 0 in `order_id`, which
-- is no order of Magento's and which the release before never asks for.

ALTER TABLE effect_ledger
  ADD COLUMN customer_id BIGINT UNSIGNED NULL,
  ADD KEY by_customer (instance, customer_id);

ALTER TABLE timeline
  ADD COLUMN customer_id BIGINT UNSIGNED NULL,
  ADD KEY by_customer (instance, customer_id, at, id);
