"""Proof that every event of Stripe's was handled, waits, or lies before a person's eyes."""
