"""Magento over REST: the module's own resources under `/V1/sidecar`, core's for the rest."""

from sidecar.optional_imports import without

with without("click", "pygments", "rich"):  # for its command line
    import httpx as httpx
