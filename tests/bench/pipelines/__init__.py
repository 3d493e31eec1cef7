"""The consumers under load: what a message costs beside what it would cost at least."""
