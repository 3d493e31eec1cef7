"""The store on MySQL 8 or MariaDB 10.6 and later."""

from sidecar.adapters.store_sql.migrate import MigrationError, MigrationStep, level, migrate, pending
from sidecar.adapters.store_sql.migration import Migration
from sidecar.adapters.store_sql.prune import Pruned
from sidecar.adapters.store_sql.store import SqlStore, open_store
from sidecar.adapters.store_sql.url import StoreUrlError

__all__ = [
    "Migration",
    "MigrationError",
    "MigrationStep",
    "Pruned",
    "SqlStore",
    "StoreUrlError",
    "level",
    "migrate",
    "open_store",
    "pending",
]
