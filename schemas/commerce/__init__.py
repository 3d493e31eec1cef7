"""What the sidecar tells the systems behind the shop, on the exchange `commerce.events`."""
