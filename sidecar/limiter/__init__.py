"""Keep under an upstream's limits: pure policy over handed-in time, and one small asynchronous shell around it."""
