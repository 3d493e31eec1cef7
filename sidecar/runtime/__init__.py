"""What happens to a message from the moment it is in hand until it is settled."""
