"""Brings the customers that Magento has already to Stripe, in batches, and goes on where it stopped."""
