"""What the chart makes of values, with the real helm."""
