"""What can be done: one effect per file, named by an imperative."""
