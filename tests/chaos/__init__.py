"""Everything fails at once, again and again, and afterwards the books are asked (docs/chaos.md)."""
