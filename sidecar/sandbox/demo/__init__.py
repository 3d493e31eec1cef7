"""The demo: real processes, a real broker, a real database, and the two stand-ins."""
