"""Magento over REST: the module's own resources under `/V1/sidecar`, core's for the rest."""
