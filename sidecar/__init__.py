"""The machinery: runtime, effects, ports and their adapters."""
