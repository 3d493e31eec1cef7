-- What the module reads of Magento 2.4.4's tables, with the types that they have there. `{prefix}` is the tables' prefix.
CREATE TABLE {prefix}store_website (website_id smallint(5) unsigned NOT NULL PRIMARY KEY, code varchar(32) DEFAULT NULL);
CREATE TABLE {prefix}store (
  store_id smallint(5) unsigned NOT NULL PRIMARY KEY, code varchar(32) DEFAULT NULL,
  website_id smallint(5) unsigned NOT NULL DEFAULT 0
);
CREATE TABLE {prefix}directory_country_region (
  region_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, country_id varchar(4) NOT NULL DEFAULT '0',
  code varchar(32) DEFAULT NULL, default_name varchar(255) DEFAULT NULL
);
CREATE TABLE {prefix}sales_order (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  state varchar(32) DEFAULT NULL, status varchar(32) DEFAULT NULL, coupon_code varchar(255) DEFAULT NULL,
  shipping_description varchar(255) DEFAULT NULL, is_virtual smallint(5) unsigned DEFAULT NULL,
  store_id smallint(5) unsigned DEFAULT NULL, customer_id int(10) unsigned DEFAULT NULL,
  base_discount_amount decimal(20,4) DEFAULT NULL, base_grand_total decimal(20,4) DEFAULT NULL,
  base_shipping_amount decimal(20,4) DEFAULT NULL, base_shipping_tax_amount decimal(20,4) DEFAULT NULL,
  base_subtotal decimal(20,4) DEFAULT NULL, base_tax_amount decimal(20,4) DEFAULT NULL,
  base_to_order_rate decimal(20,4) DEFAULT NULL, base_total_paid decimal(20,4) DEFAULT NULL,
  discount_amount decimal(20,4) DEFAULT NULL, grand_total decimal(20,4) DEFAULT NULL,
  shipping_amount decimal(20,4) DEFAULT NULL, shipping_tax_amount decimal(20,4) DEFAULT NULL,
  subtotal decimal(20,4) DEFAULT NULL, tax_amount decimal(20,4) DEFAULT NULL, total_paid decimal(20,4) DEFAULT NULL,
  customer_group_id int(11) DEFAULT NULL, quote_id int(11) DEFAULT NULL,
  base_total_due decimal(20,4) DEFAULT NULL, total_due decimal(20,4) DEFAULT NULL,
  increment_id varchar(32) DEFAULT NULL, base_currency_code varchar(3) DEFAULT NULL,
  customer_email varchar(128) DEFAULT NULL, customer_firstname varchar(128) DEFAULT NULL,
  customer_lastname varchar(128) DEFAULT NULL, order_currency_code varchar(3) DEFAULT NULL,
  relation_child_id varchar(32) DEFAULT NULL, relation_parent_id varchar(32) DEFAULT NULL,
  hold_before_state varchar(32) DEFAULT NULL, hold_before_status varchar(32) DEFAULT NULL,
  total_invoiced decimal(20,4) DEFAULT NULL, total_refunded decimal(20,4) DEFAULT NULL,
  created_at timestamp NOT NULL DEFAULT current_timestamp(),
  updated_at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp()
);
CREATE TABLE {prefix}sales_order_item (
  item_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, order_id int(10) unsigned NOT NULL DEFAULT 0,
  parent_item_id int(10) unsigned DEFAULT NULL, product_type varchar(255) DEFAULT NULL, sku varchar(255) DEFAULT NULL,
  name varchar(255) DEFAULT NULL, qty_ordered decimal(12,4) DEFAULT 0.0000,
  price decimal(12,4) NOT NULL DEFAULT 0.0000, base_price decimal(12,4) NOT NULL DEFAULT 0.0000,
  tax_percent decimal(12,4) DEFAULT 0.0000, tax_amount decimal(20,4) DEFAULT 0.0000,
  base_tax_amount decimal(20,4) DEFAULT 0.0000, discount_amount decimal(20,4) DEFAULT 0.0000,
  base_discount_amount decimal(20,4) DEFAULT 0.0000, row_total decimal(20,4) NOT NULL DEFAULT 0.0000,
  base_row_total decimal(20,4) NOT NULL DEFAULT 0.0000
);
CREATE TABLE {prefix}sales_order_address (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned DEFAULT NULL,
  region_id int(11) DEFAULT NULL, region varchar(255) DEFAULT NULL, postcode varchar(255) DEFAULT NULL,
  lastname varchar(255) DEFAULT NULL, street varchar(255) DEFAULT NULL, city varchar(255) DEFAULT NULL,
  email varchar(255) DEFAULT NULL, telephone varchar(255) DEFAULT NULL, country_id varchar(2) DEFAULT NULL,
  firstname varchar(255) DEFAULT NULL, address_type varchar(255) DEFAULT NULL, prefix varchar(255) DEFAULT NULL,
  middlename varchar(255) DEFAULT NULL, suffix varchar(255) DEFAULT NULL, company varchar(255) DEFAULT NULL,
  vat_id text DEFAULT NULL
);
CREATE TABLE {prefix}sales_order_payment (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned NOT NULL,
  method varchar(128) DEFAULT NULL, additional_information text DEFAULT NULL,
  base_amount_authorized decimal(20,4) DEFAULT NULL
);
CREATE TABLE {prefix}sales_invoice (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, order_id int(10) unsigned NOT NULL,
  transaction_id varchar(255) DEFAULT NULL, increment_id varchar(50) DEFAULT NULL
);
CREATE TABLE {prefix}sales_creditmemo (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, store_id smallint(5) unsigned DEFAULT NULL,
  adjustment_positive decimal(20,4) DEFAULT NULL, base_adjustment_positive decimal(20,4) DEFAULT NULL,
  adjustment_negative decimal(20,4) DEFAULT NULL, base_adjustment_negative decimal(20,4) DEFAULT NULL,
  grand_total decimal(20,4) DEFAULT NULL, base_grand_total decimal(20,4) DEFAULT NULL,
  subtotal decimal(20,4) DEFAULT NULL, base_subtotal decimal(20,4) DEFAULT NULL,
  shipping_amount decimal(20,4) DEFAULT NULL, base_shipping_amount decimal(20,4) DEFAULT NULL,
  discount_amount decimal(20,4) DEFAULT NULL, base_discount_amount decimal(20,4) DEFAULT NULL,
  tax_amount decimal(20,4) DEFAULT NULL, base_tax_amount decimal(20,4) DEFAULT NULL,
  shipping_tax_amount decimal(20,4) DEFAULT NULL, base_shipping_tax_amount decimal(20,4) DEFAULT NULL,
  order_id int(10) unsigned NOT NULL, invoice_id int(11) DEFAULT NULL, transaction_id varchar(255) DEFAULT NULL,
  increment_id varchar(50) DEFAULT NULL, state int(11) DEFAULT NULL, created_at timestamp NOT NULL DEFAULT current_timestamp()
);
CREATE TABLE {prefix}sales_creditmemo_item (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned NOT NULL,
  order_item_id int(11) DEFAULT NULL, sku varchar(255) DEFAULT NULL, name varchar(255) DEFAULT NULL,
  qty decimal(12,4) DEFAULT NULL, row_total decimal(12,4) DEFAULT NULL, tax_amount decimal(12,4) DEFAULT NULL,
  discount_amount decimal(12,4) DEFAULT NULL
);
CREATE TABLE {prefix}sales_creditmemo_comment (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned NOT NULL,
  is_customer_notified int(11) DEFAULT NULL, is_visible_on_front smallint(5) unsigned NOT NULL DEFAULT 0,
  comment text DEFAULT NULL
);
CREATE TABLE {prefix}sales_shipment (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, store_id smallint(5) unsigned DEFAULT NULL,
  order_id int(10) unsigned NOT NULL, shipping_address_id int(11) DEFAULT NULL, increment_id varchar(50) DEFAULT NULL,
  created_at timestamp NOT NULL DEFAULT current_timestamp()
);
CREATE TABLE {prefix}sales_shipment_item (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned NOT NULL,
  order_item_id int(11) DEFAULT NULL, sku varchar(255) DEFAULT NULL, name varchar(255) DEFAULT NULL,
  qty decimal(12,4) DEFAULT NULL
);
CREATE TABLE {prefix}sales_shipment_track (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned NOT NULL,
  track_number text DEFAULT NULL, title varchar(255) DEFAULT NULL, carrier_code varchar(32) DEFAULT NULL
);
CREATE TABLE {prefix}customer_entity (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, website_id smallint(5) unsigned DEFAULT NULL,
  email varchar(255) DEFAULT NULL, group_id smallint(5) unsigned NOT NULL DEFAULT 0,
  store_id smallint(5) unsigned DEFAULT 0, created_at timestamp NOT NULL DEFAULT current_timestamp(),
  updated_at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  prefix varchar(40) DEFAULT NULL, firstname varchar(255) DEFAULT NULL, middlename varchar(255) DEFAULT NULL,
  lastname varchar(255) DEFAULT NULL, suffix varchar(40) DEFAULT NULL, default_billing int(10) unsigned DEFAULT NULL,
  default_shipping int(10) unsigned DEFAULT NULL, taxvat varchar(50) DEFAULT NULL
);
CREATE TABLE {prefix}customer_address_entity (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int(10) unsigned DEFAULT NULL,
  city varchar(255) NOT NULL, company varchar(255) DEFAULT NULL, country_id varchar(255) NOT NULL,
  firstname varchar(255) NOT NULL, lastname varchar(255) NOT NULL, middlename varchar(255) DEFAULT NULL,
  postcode varchar(255) DEFAULT NULL, prefix varchar(40) DEFAULT NULL, region varchar(255) DEFAULT NULL,
  region_id int(10) unsigned DEFAULT NULL, street text NOT NULL, suffix varchar(40) DEFAULT NULL,
  telephone varchar(255) NOT NULL, vat_id varchar(255) DEFAULT NULL
);
