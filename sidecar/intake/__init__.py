"""What a process takes from its queues, and in which order it works on it."""
