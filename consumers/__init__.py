"""The business: one module per queue, found by its name."""
