"""Questions that only a real Magento with the module can answer; left out where none is named."""
