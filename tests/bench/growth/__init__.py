"""What a message costs when the store has years of history behind it."""
