"""The bridge under load: a signed webhook, confirmed on a quorum queue, answered with 200."""
