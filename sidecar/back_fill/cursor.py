"""Where a back-fill has come to."""

from datetime import datetime

from schemas.contract import Frozen
from schemas.ids import Instance, MagentoCustomerId
from sidecar.ports.store import Cursors


class Reached(Frozen):
    """The last account that is done, of a walk over those changed since then."""

    after: MagentoCustomerId
    since: datetime | None


class Cursor:
    """One instance's, in the store."""

    def __init__(self, cursors: Cursors, instance: Instance) -> None:
        self._cursors = cursors
        self._name = f"customers:{instance}"

    async def resume(self, since: datetime | None) -> MagentoCustomerId:
        """Where a walk with the same beginning stopped; 0 for a new one."""
        value = await self._cursors.get(self._name)
        reached = Reached.model_validate_json(value) if value else None
        if reached is None or reached.since != since:
            return MagentoCustomerId(0)
        return reached.after

    async def move(self, after: MagentoCustomerId, since: datetime | None) -> None:
        """So far everything is done."""
        await self._cursors.set(self._name, Reached(after=after, since=since).model_dump_json())

    async def finish(self) -> None:
        """The walk has come to its end: the next one begins anew."""
        await self._cursors.set(self._name, "")
