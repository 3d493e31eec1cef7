"""What is looked at by the clock and shown as metrics: nothing here changes anything."""
