"""What the processes themselves cost: how soon they work, and what one more of them brings."""
