"""Prometheus metrics of what the store forgets."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter


class StoreMetrics:
    """On a registry of their own; `table` is one of the store's."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._pruned = Counter(
            "sidecar_store_pruned_rows",
            "Rows of the store that were forgotten because they were old enough.",
            ["table"],
            registry=registry,
        )

    def pruned(self, rows: Mapping[str, int]) -> None:
        """So many of each table."""
        for table, count in rows.items():
            self._pruned.labels(table).inc(count)
