"""The webhook bridge: Stripe's events, verified, onto the broker; and the look-back for those that never came."""
