"""What the stand-in's parts share."""

from sidecar.sandbox.magento.config import MagentoSandboxConfig
from sidecar.sandbox.magento.database import Database
from sidecar.sandbox.magento.faults import Faults
from sidecar.sandbox.magento.outbox import Outbox


class Shop:
    """One instance: its database, its outbox and its faults."""

    def __init__(self, config: MagentoSandboxConfig) -> None:
        self.config = config
        self.outbox = Outbox(config.instance)
        self.faults = Faults()
        self._database: Database | None = None

    @property
    def database(self) -> Database:
        """The open database."""
        if self._database is None:
            raise RuntimeError("the stand-in has not been started")
        return self._database

    @database.setter
    def database(self, database: Database) -> None:
        self._database = database
