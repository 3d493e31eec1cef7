"""What the Magento module publishes to the exchange `magento.events`."""
