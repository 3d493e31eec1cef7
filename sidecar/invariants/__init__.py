"""What has to be true of an order across Magento, Stripe and the sidecar: one check per file, found by its name."""
