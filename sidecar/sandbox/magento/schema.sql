-- The tables and columns of Magento 2.4.4 that the stand-in fills, and the module's own.
CREATE TABLE IF NOT EXISTS sales_order_status (status varchar(32) NOT NULL PRIMARY KEY, label varchar(128) NOT NULL);
CREATE TABLE IF NOT EXISTS sales_order_status_state (
  status varchar(32) NOT NULL, state varchar(32) NOT NULL, is_default smallint(5) unsigned NOT NULL DEFAULT 0,
  visible_on_front smallint(5) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (status, state)
);
CREATE TABLE IF NOT EXISTS sales_order (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  state varchar(32) DEFAULT NULL, status varchar(32) DEFAULT NULL, protect_code varchar(255) DEFAULT NULL,
  shipping_description varchar(255) DEFAULT NULL, is_virtual smallint(5) unsigned DEFAULT NULL,
  store_id smallint(5) unsigned DEFAULT NULL, customer_id int(10) unsigned DEFAULT NULL,
  base_discount_amount decimal(20,4) DEFAULT NULL, base_grand_total decimal(20,4) DEFAULT NULL,
  base_shipping_amount decimal(20,4) DEFAULT NULL, base_subtotal decimal(20,4) DEFAULT NULL,
  base_tax_amount decimal(20,4) DEFAULT NULL, base_to_global_rate decimal(20,4) DEFAULT NULL,
  base_to_order_rate decimal(20,4) DEFAULT NULL, base_total_canceled decimal(20,4) DEFAULT NULL,
  base_total_invoiced decimal(20,4) DEFAULT NULL, base_total_paid decimal(20,4) DEFAULT NULL,
  base_total_refunded decimal(20,4) DEFAULT NULL, discount_amount decimal(20,4) DEFAULT NULL,
  grand_total decimal(20,4) DEFAULT NULL, shipping_amount decimal(20,4) DEFAULT NULL,
  store_to_base_rate decimal(12,4) DEFAULT NULL, store_to_order_rate decimal(12,4) DEFAULT NULL,
  subtotal decimal(20,4) DEFAULT NULL, tax_amount decimal(20,4) DEFAULT NULL,
  total_canceled decimal(20,4) DEFAULT NULL, total_invoiced decimal(20,4) DEFAULT NULL,
  total_paid decimal(20,4) DEFAULT NULL, total_qty_ordered decimal(12,4) DEFAULT NULL,
  total_refunded decimal(20,4) DEFAULT NULL, customer_is_guest smallint(5) unsigned DEFAULT NULL,
  billing_address_id int(11) DEFAULT NULL, customer_group_id int(11) DEFAULT NULL, quote_id int(11) DEFAULT NULL,
  shipping_address_id int(11) DEFAULT NULL, base_total_due decimal(20,4) DEFAULT NULL,
  total_due decimal(20,4) DEFAULT NULL, weight decimal(12,4) DEFAULT NULL, increment_id varchar(32) DEFAULT NULL,
  base_currency_code varchar(3) DEFAULT NULL, customer_email varchar(128) DEFAULT NULL,
  customer_firstname varchar(128) DEFAULT NULL, customer_lastname varchar(128) DEFAULT NULL,
  global_currency_code varchar(3) DEFAULT NULL, hold_before_state varchar(32) DEFAULT NULL,
  hold_before_status varchar(32) DEFAULT NULL,
  subtotal_refunded decimal(20,4) DEFAULT NULL, base_subtotal_refunded decimal(20,4) DEFAULT NULL,
  shipping_refunded decimal(20,4) DEFAULT NULL, base_shipping_refunded decimal(20,4) DEFAULT NULL,
  tax_refunded decimal(20,4) DEFAULT NULL, base_tax_refunded decimal(20,4) DEFAULT NULL,
  discount_refunded decimal(20,4) DEFAULT NULL, base_discount_refunded decimal(20,4) DEFAULT NULL,
  adjustment_positive decimal(20,4) DEFAULT NULL, base_adjustment_positive decimal(20,4) DEFAULT NULL,
  adjustment_negative decimal(20,4) DEFAULT NULL, base_adjustment_negative decimal(20,4) DEFAULT NULL,
  total_online_refunded decimal(20,4) DEFAULT NULL, base_total_online_refunded decimal(20,4) DEFAULT NULL,
  total_offline_refunded decimal(20,4) DEFAULT NULL, base_total_offline_refunded decimal(20,4) DEFAULT NULL,
  order_currency_code varchar(3) DEFAULT NULL,
  remote_ip varchar(45) DEFAULT NULL, shipping_method varchar(120) DEFAULT NULL,
  store_currency_code varchar(3) DEFAULT NULL, store_name varchar(255) DEFAULT NULL,
  created_at timestamp NOT NULL DEFAULT current_timestamp(),
  updated_at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  total_item_count smallint(5) unsigned NOT NULL DEFAULT 0,
  UNIQUE KEY SALES_ORDER_INCREMENT_ID_STORE_ID (increment_id, store_id)
);
CREATE TABLE IF NOT EXISTS sales_order_item (
  item_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, order_id int(10) unsigned NOT NULL DEFAULT 0,
  parent_item_id int(10) unsigned DEFAULT NULL, store_id smallint(5) unsigned DEFAULT NULL,
  created_at timestamp NOT NULL DEFAULT current_timestamp(),
  updated_at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  product_id int(10) unsigned DEFAULT NULL, product_type varchar(255) DEFAULT NULL, sku varchar(255) DEFAULT NULL,
  name varchar(255) DEFAULT NULL, qty_canceled decimal(12,4) DEFAULT 0.0000,
  qty_invoiced decimal(12,4) DEFAULT 0.0000, qty_ordered decimal(12,4) DEFAULT 0.0000,
  qty_refunded decimal(12,4) DEFAULT 0.0000, qty_shipped decimal(12,4) DEFAULT 0.0000,
  price decimal(12,4) NOT NULL DEFAULT 0.0000, base_price decimal(12,4) NOT NULL DEFAULT 0.0000,
  original_price decimal(12,4) DEFAULT NULL, base_original_price decimal(12,4) DEFAULT NULL,
  tax_amount decimal(20,4) DEFAULT 0.0000, base_tax_amount decimal(20,4) DEFAULT 0.0000,
  discount_amount decimal(20,4) DEFAULT 0.0000, base_discount_amount decimal(20,4) DEFAULT 0.0000,
  row_total decimal(20,4) NOT NULL DEFAULT 0.0000, base_row_total decimal(20,4) NOT NULL DEFAULT 0.0000,
  row_invoiced decimal(20,4) NOT NULL DEFAULT 0.0000, base_row_invoiced decimal(20,4) NOT NULL DEFAULT 0.0000,
  amount_refunded decimal(20,4) DEFAULT 0.0000, base_amount_refunded decimal(20,4) DEFAULT 0.0000,
  tax_refunded decimal(20,4) DEFAULT NULL, base_tax_refunded decimal(20,4) DEFAULT NULL,
  discount_refunded decimal(20,4) DEFAULT NULL, base_discount_refunded decimal(20,4) DEFAULT NULL,
  KEY SALES_ORDER_ITEM_ORDER_ID (order_id)
);
CREATE TABLE IF NOT EXISTS sales_order_address (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned DEFAULT NULL,
  region_id int(11) DEFAULT NULL, region varchar(255) DEFAULT NULL, postcode varchar(255) DEFAULT NULL,
  lastname varchar(255) DEFAULT NULL, street varchar(255) DEFAULT NULL, city varchar(255) DEFAULT NULL,
  email varchar(255) DEFAULT NULL, telephone varchar(255) DEFAULT NULL, country_id varchar(2) DEFAULT NULL,
  firstname varchar(255) DEFAULT NULL, address_type varchar(255) DEFAULT NULL, company varchar(255) DEFAULT NULL,
  KEY SALES_ORDER_ADDRESS_PARENT_ID (parent_id)
);
CREATE TABLE IF NOT EXISTS sales_order_payment (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned NOT NULL,
  base_amount_paid decimal(20,4) DEFAULT NULL, base_amount_authorized decimal(20,4) DEFAULT NULL,
  base_shipping_amount decimal(20,4) DEFAULT NULL, shipping_amount decimal(20,4) DEFAULT NULL,
  amount_paid decimal(20,4) DEFAULT NULL, amount_authorized decimal(20,4) DEFAULT NULL,
  base_amount_ordered decimal(20,4) DEFAULT NULL, amount_ordered decimal(20,4) DEFAULT NULL,
  base_amount_refunded decimal(20,4) DEFAULT NULL, amount_refunded decimal(20,4) DEFAULT NULL,
  additional_data text DEFAULT NULL, method varchar(128) DEFAULT NULL, cc_last_4 varchar(100) DEFAULT NULL,
  last_trans_id varchar(255) DEFAULT NULL, cc_type varchar(32) DEFAULT NULL, cc_trans_id varchar(32) DEFAULT NULL,
  additional_information text DEFAULT NULL, KEY SALES_ORDER_PAYMENT_PARENT_ID (parent_id)
);
CREATE TABLE IF NOT EXISTS sales_order_grid (
  entity_id int(10) unsigned NOT NULL PRIMARY KEY, status varchar(32) DEFAULT NULL,
  store_id smallint(5) unsigned DEFAULT NULL, store_name varchar(255) DEFAULT NULL,
  customer_id int(10) unsigned DEFAULT NULL, base_grand_total decimal(20,4) DEFAULT NULL,
  base_total_paid decimal(20,4) DEFAULT NULL, grand_total decimal(20,4) DEFAULT NULL,
  total_paid decimal(20,4) DEFAULT NULL, increment_id varchar(50) DEFAULT NULL,
  base_currency_code varchar(3) DEFAULT NULL, order_currency_code varchar(255) DEFAULT NULL,
  billing_name varchar(255) DEFAULT NULL, created_at timestamp NULL DEFAULT NULL,
  updated_at timestamp NULL DEFAULT NULL, customer_email varchar(255) DEFAULT NULL,
  customer_name varchar(255) DEFAULT NULL, payment_method varchar(255) DEFAULT NULL,
  total_refunded decimal(20,4) DEFAULT NULL
);
CREATE TABLE IF NOT EXISTS sales_payment_transaction (
  transaction_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned DEFAULT NULL,
  order_id int(10) unsigned NOT NULL DEFAULT 0, payment_id int(10) unsigned NOT NULL DEFAULT 0,
  txn_id varchar(100) DEFAULT NULL, parent_txn_id varchar(100) DEFAULT NULL, txn_type varchar(15) DEFAULT NULL,
  is_closed smallint(5) unsigned NOT NULL DEFAULT 1, additional_information blob DEFAULT NULL,
  created_at timestamp NOT NULL DEFAULT current_timestamp(),
  UNIQUE KEY SALES_PAYMENT_TRANSACTION_ORDER_ID_PAYMENT_ID_TXN_ID (order_id, payment_id, txn_id)
);
CREATE TABLE IF NOT EXISTS sales_order_status_history (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned NOT NULL,
  is_customer_notified int(11) DEFAULT NULL, is_visible_on_front smallint(5) unsigned NOT NULL DEFAULT 0,
  comment text DEFAULT NULL, status varchar(32) DEFAULT NULL,
  created_at timestamp NOT NULL DEFAULT current_timestamp(), entity_name varchar(32) DEFAULT NULL,
  KEY SALES_ORDER_STATUS_HISTORY_PARENT_ID (parent_id)
);
CREATE TABLE IF NOT EXISTS sales_invoice (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, store_id smallint(5) unsigned DEFAULT NULL,
  base_grand_total decimal(20,4) DEFAULT NULL, tax_amount decimal(20,4) DEFAULT NULL,
  base_tax_amount decimal(20,4) DEFAULT NULL, grand_total decimal(20,4) DEFAULT NULL,
  shipping_amount decimal(20,4) DEFAULT NULL, base_shipping_amount decimal(20,4) DEFAULT NULL,
  total_qty decimal(12,4) DEFAULT NULL, subtotal decimal(20,4) DEFAULT NULL, base_subtotal decimal(20,4) DEFAULT NULL,
  order_id int(10) unsigned NOT NULL, state int(11) DEFAULT NULL, transaction_id varchar(255) DEFAULT NULL,
  order_currency_code varchar(3) DEFAULT NULL, base_currency_code varchar(3) DEFAULT NULL,
  increment_id varchar(50) DEFAULT NULL, created_at timestamp NOT NULL DEFAULT current_timestamp(),
  updated_at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  KEY SALES_INVOICE_ORDER_ID (order_id)
);
CREATE TABLE IF NOT EXISTS sales_creditmemo (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, store_id smallint(5) unsigned DEFAULT NULL,
  order_id int(10) unsigned NOT NULL, invoice_id int(11) DEFAULT NULL, state int(11) DEFAULT NULL,
  transaction_id varchar(255) DEFAULT NULL, increment_id varchar(50) DEFAULT NULL,
  grand_total decimal(20,4) DEFAULT NULL, base_grand_total decimal(20,4) DEFAULT NULL,
  subtotal decimal(20,4) DEFAULT NULL, base_subtotal decimal(20,4) DEFAULT NULL,
  subtotal_incl_tax decimal(20,4) DEFAULT NULL, base_subtotal_incl_tax decimal(20,4) DEFAULT NULL,
  shipping_amount decimal(20,4) DEFAULT NULL, base_shipping_amount decimal(20,4) DEFAULT NULL,
  shipping_incl_tax decimal(20,4) DEFAULT NULL, base_shipping_incl_tax decimal(20,4) DEFAULT NULL,
  shipping_tax_amount decimal(20,4) DEFAULT NULL, base_shipping_tax_amount decimal(20,4) DEFAULT NULL,
  tax_amount decimal(20,4) DEFAULT NULL, base_tax_amount decimal(20,4) DEFAULT NULL,
  discount_amount decimal(20,4) DEFAULT NULL, base_discount_amount decimal(20,4) DEFAULT NULL,
  adjustment_positive decimal(20,4) DEFAULT NULL, base_adjustment_positive decimal(20,4) DEFAULT NULL,
  adjustment_negative decimal(20,4) DEFAULT NULL, base_adjustment_negative decimal(20,4) DEFAULT NULL,
  adjustment decimal(20,4) DEFAULT NULL, base_adjustment decimal(20,4) DEFAULT NULL,
  discount_tax_compensation_amount decimal(20,4) DEFAULT NULL, base_discount_tax_compensation_amount decimal(20,4) DEFAULT NULL,
  base_to_order_rate decimal(20,4) DEFAULT NULL, base_to_global_rate decimal(20,4) DEFAULT NULL,
  store_to_base_rate decimal(20,4) DEFAULT NULL, store_to_order_rate decimal(20,4) DEFAULT NULL,
  store_currency_code varchar(3) DEFAULT NULL, order_currency_code varchar(3) DEFAULT NULL,
  base_currency_code varchar(3) DEFAULT NULL, global_currency_code varchar(3) DEFAULT NULL,
  billing_address_id int(11) DEFAULT NULL, shipping_address_id int(11) DEFAULT NULL,
  created_at timestamp NOT NULL DEFAULT current_timestamp(),
  updated_at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  UNIQUE KEY SALES_CREDITMEMO_INCREMENT_ID_STORE_ID (increment_id, store_id),
  KEY SALES_CREDITMEMO_ORDER_ID (order_id)
);
CREATE TABLE IF NOT EXISTS sales_creditmemo_item (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned NOT NULL,
  order_item_id int(11) DEFAULT NULL, product_id int(11) DEFAULT NULL, sku varchar(255) DEFAULT NULL,
  name varchar(255) DEFAULT NULL, qty decimal(12,4) DEFAULT NULL,
  price decimal(12,4) DEFAULT NULL, base_price decimal(12,4) DEFAULT NULL,
  price_incl_tax decimal(12,4) DEFAULT NULL, base_price_incl_tax decimal(12,4) DEFAULT NULL,
  row_total decimal(12,4) DEFAULT NULL, base_row_total decimal(12,4) DEFAULT NULL,
  row_total_incl_tax decimal(12,4) DEFAULT NULL, base_row_total_incl_tax decimal(12,4) DEFAULT NULL,
  tax_amount decimal(12,4) DEFAULT NULL, base_tax_amount decimal(12,4) DEFAULT NULL,
  discount_amount decimal(12,4) DEFAULT NULL, base_discount_amount decimal(12,4) DEFAULT NULL,
  discount_tax_compensation_amount decimal(12,4) DEFAULT NULL, base_discount_tax_compensation_amount decimal(12,4) DEFAULT NULL,
  weee_tax_row_disposition decimal(12,4) DEFAULT NULL, base_weee_tax_row_disposition decimal(12,4) DEFAULT NULL,
  weee_tax_applied text DEFAULT NULL, weee_tax_applied_row_amount decimal(12,4) DEFAULT NULL,
  KEY SALES_CREDITMEMO_ITEM_PARENT_ID (parent_id)
);
CREATE TABLE IF NOT EXISTS sales_creditmemo_comment (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned NOT NULL,
  is_customer_notified int(11) DEFAULT NULL, is_visible_on_front smallint(5) unsigned NOT NULL DEFAULT 0,
  comment text DEFAULT NULL, created_at timestamp NOT NULL DEFAULT current_timestamp(),
  KEY SALES_CREDITMEMO_COMMENT_PARENT_ID (parent_id)
);
CREATE TABLE IF NOT EXISTS sales_creditmemo_grid (
  entity_id int(10) unsigned NOT NULL PRIMARY KEY, increment_id varchar(50) DEFAULT NULL,
  created_at timestamp NULL DEFAULT NULL, order_id int(10) unsigned NOT NULL,
  order_increment_id varchar(50) DEFAULT NULL, state int(11) DEFAULT NULL,
  base_grand_total decimal(20,4) DEFAULT NULL, order_status varchar(32) DEFAULT NULL,
  store_id smallint(5) unsigned DEFAULT NULL, customer_name varchar(128) NOT NULL,
  customer_email varchar(128) DEFAULT NULL, subtotal decimal(20,4) DEFAULT NULL,
  shipping_and_handling decimal(20,4) DEFAULT NULL, adjustment_positive decimal(20,4) DEFAULT NULL,
  adjustment_negative decimal(20,4) DEFAULT NULL, order_base_grand_total decimal(20,4) DEFAULT NULL
);
CREATE TABLE IF NOT EXISTS inventory_reservation (
  reservation_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, stock_id int(10) unsigned NOT NULL,
  sku varchar(64) NOT NULL, quantity decimal(10,4) NOT NULL DEFAULT 0.0000, metadata varchar(255) DEFAULT NULL
);
CREATE TABLE IF NOT EXISTS customer_entity (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, website_id smallint(5) unsigned DEFAULT NULL,
  email varchar(255) DEFAULT NULL, group_id smallint(5) unsigned NOT NULL DEFAULT 0,
  store_id smallint(5) unsigned DEFAULT 0, created_at timestamp NOT NULL DEFAULT current_timestamp(),
  updated_at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  is_active smallint(5) unsigned NOT NULL DEFAULT 1,
  disable_auto_group_change smallint(5) unsigned NOT NULL DEFAULT 0, created_in varchar(255) DEFAULT NULL,
  prefix varchar(40) DEFAULT NULL, firstname varchar(255) DEFAULT NULL, middlename varchar(255) DEFAULT NULL,
  lastname varchar(255) DEFAULT NULL, suffix varchar(40) DEFAULT NULL,
  default_billing int(10) unsigned DEFAULT NULL, default_shipping int(10) unsigned DEFAULT NULL,
  taxvat varchar(50) DEFAULT NULL, confirmation varchar(64) DEFAULT NULL,
  UNIQUE KEY CUSTOMER_ENTITY_EMAIL_WEBSITE_ID (email, website_id)
);
CREATE TABLE IF NOT EXISTS customer_address_entity (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned DEFAULT NULL,
  created_at timestamp NOT NULL DEFAULT current_timestamp(),
  updated_at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  city varchar(255) NOT NULL, company varchar(255) DEFAULT NULL, country_id varchar(255) NOT NULL,
  firstname varchar(255) NOT NULL, lastname varchar(255) NOT NULL, middlename varchar(255) DEFAULT NULL,
  postcode varchar(255) DEFAULT NULL, prefix varchar(40) DEFAULT NULL, region varchar(255) DEFAULT NULL,
  region_id int(10) unsigned DEFAULT NULL, street text NOT NULL, suffix varchar(40) DEFAULT NULL,
  telephone varchar(255) NOT NULL, vat_id varchar(255) DEFAULT NULL,
  KEY CUSTOMER_ADDRESS_ENTITY_PARENT_ID (parent_id)
);
-- What stands for Magento's attribute tables: a customer's custom attributes, by their code.
CREATE TABLE IF NOT EXISTS sidecar_custom_attribute (
  customer_id int(10) unsigned NOT NULL, attribute_code varchar(60) NOT NULL, value text NOT NULL,
  PRIMARY KEY (customer_id, attribute_code)
);
-- The module's own.
CREATE TABLE IF NOT EXISTS sidecar_outbox (
  id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, event_id varchar(64) NOT NULL, type varchar(128) NOT NULL,
  routing_key varchar(128) NOT NULL, body longtext NOT NULL, created_at datetime(6) NOT NULL,
  held smallint NOT NULL DEFAULT 0, copies smallint NOT NULL DEFAULT 1, published_at datetime(6) DEFAULT NULL,
  KEY SIDECAR_OUTBOX_PUBLISHED (published_at, held, id)
);
CREATE TABLE IF NOT EXISTS sidecar_write_back (
  order_id int(10) unsigned NOT NULL, kind varchar(32) NOT NULL, stripe_id varchar(191) NOT NULL,
  answer text NOT NULL, created_at datetime(6) NOT NULL, PRIMARY KEY (order_id, kind, stripe_id)
);
CREATE TABLE IF NOT EXISTS sidecar_refund (
  refund_id varchar(191) NOT NULL PRIMARY KEY, creditmemo_id int(10) unsigned NOT NULL,
  amount decimal(20,4) NOT NULL, status varchar(32) NOT NULL, KEY SIDECAR_REFUND_CREDITMEMO_ID (creditmemo_id)
);
INSERT IGNORE INTO sales_order_status (status, label) VALUES
  ('pending', 'Pending'), ('pending_payment', 'Pending Payment'), ('processing', 'Processing'),
  ('complete', 'Complete'), ('closed', 'Closed'), ('canceled', 'Canceled'), ('holded', 'On Hold'),
  ('payment_review', 'Payment Review'), ('fraud', 'Suspected Fraud'), ('payment_failed', 'Payment Failed');
INSERT IGNORE INTO sales_order_status_state (status, state, is_default, visible_on_front) VALUES
  ('pending', 'new', 1, 1), ('pending_payment', 'pending_payment', 1, 0), ('processing', 'processing', 1, 1),
  ('complete', 'complete', 1, 1), ('closed', 'closed', 1, 1), ('canceled', 'canceled', 1, 1),
  ('holded', 'holded', 1, 1), ('payment_review', 'payment_review', 1, 1), ('fraud', 'processing', 0, 1),
  ('payment_failed', 'pending_payment', 0, 1);
