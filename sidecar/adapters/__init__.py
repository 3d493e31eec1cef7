"""What the ports are made of: one package per outside system."""
