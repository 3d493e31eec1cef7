"""What Stripe says, as far as the sidecar reads it. Everything else in an object is passed over."""
