"""What the machinery needs of the outside, as Protocols; adapters and fakes are held to the same suites."""
