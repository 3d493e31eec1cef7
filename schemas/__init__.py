"""Contracts: what travels between Magento, Stripe, the sidecar and the systems behind it."""
