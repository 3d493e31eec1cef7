"""A stand-in for Magento: the REST that the sidecar calls, over tables with Magento's own names and columns."""
