"""Dead letters, as a person works with them: look, correct, send back, throw away."""
