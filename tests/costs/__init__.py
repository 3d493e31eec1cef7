"""What a message costs in things that can be counted on any machine, and the budget that CI holds it to."""
