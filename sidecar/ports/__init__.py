"""What the machinery needs of the outside, as Protocols. Adapters implement them; tests hold fakes to the same suite."""
