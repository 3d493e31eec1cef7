"""Holds Magento, Stripe and the sidecar against one another, and mends what differs by the usual effects."""
