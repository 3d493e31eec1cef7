"""The module's transactional outbox, and the relay that empties it."""

import asyncio
from datetime import UTC, datetime

import pymysql.err
import structlog

from schemas.catalog import CATALOG
from schemas.contract import Frozen
from schemas.envelope import CloudEvent
from sidecar.errors import TransientError
from sidecar.ports.publisher import Publisher
from sidecar.sandbox.magento.database import Database, Session

log = structlog.get_logger("sandbox.magento.outbox")


class Outbox:
    """Rows are added in the caller's transaction, published in their order, and marked after the broker's confirm."""

    def __init__(self, instance: str) -> None:
        self._instance = instance
        self._added = asyncio.Event()

    async def add(
        self,
        session: Session,
        kind: str,
        event_id: str,
        data: Frozen,
        *,
        subject: str | None = None,
        held: bool = False,
        copies: int = 1,
    ) -> None:
        """Write the event down."""
        now = datetime.now(UTC)
        contract = CATALOG[kind]
        event = CloudEvent[contract.model](  # type: ignore[name-defined]  # one class per contract, made at run time
            id=f"{self._instance}-{event_id}",
            source=f"/magento/{self._instance}",
            type=kind,
            subject=subject or f"order/{event_id}",
            time=now,
            data=data,
        )
        await session.insert(
            "sidecar_outbox",
            {
                "event_id": event.id,
                "type": kind,
                "routing_key": contract.routing_key,
                "body": event.model_dump_json(exclude_none=True),
                "created_at": now.replace(tzinfo=None),
                "held": int(held),
                "copies": copies,
            },
        )

    async def backlog(self, session: Session) -> dict[str, int]:
        """What waits, as the module's status says it. This relay parks nothing: it makes all its events itself."""
        (row,) = await session.rows(
            "SELECT COUNT(*) AS pending, TIMESTAMPDIFF(SECOND, MIN(created_at), UTC_TIMESTAMP(6)) AS age"
            " FROM sidecar_outbox WHERE published_at IS NULL"
        )
        oldest = {} if row["age"] is None else {"outbox_oldest_seconds": max(0, row["age"])}
        return {"outbox_pending": row["pending"], "outbox_parked": 0, **oldest}

    def wake(self) -> None:
        """Tell the relay that something was committed."""
        self._added.set()

    async def relay(self, database: Database, publisher: Publisher) -> None:
        """Publish what is committed, for ever; a broker or a database that is away is tried again."""
        while True:
            self._added.clear()
            try:
                busy = await self.relay_once(database, publisher)
            except (TransientError, pymysql.err.MySQLError, OSError, RuntimeError) as error:  # uvloop: line is closed
                log.warning("outbox waits", detail=str(error))
                busy = False
            if not busy:
                try:
                    async with asyncio.timeout(0.5):
                        await self._added.wait()
                except TimeoutError:
                    continue

    async def relay_once(self, database: Database, publisher: Publisher, limit: int = 100) -> bool:
        """Publish the oldest rows; whether there were any.

        Raises:
            TransientError: the broker has not confirmed one; what was confirmed before it is marked.
            MySQLError: the database is away; what was confirmed is published once more.
        """
        refused: TransientError | None = None
        async with database.transaction() as session:
            rows = await session.rows(
                "SELECT * FROM sidecar_outbox WHERE published_at IS NULL AND held = 0 ORDER BY id LIMIT %s"
                " FOR UPDATE SKIP LOCKED",
                limit,
            )
            for row in rows:
                try:
                    for _ in range(row["copies"]):
                        await publisher.publish(
                            "magento.events",
                            row["routing_key"],
                            row["body"].encode(),
                            message_id=row["event_id"],
                            message_type=row["type"],
                        )
                except TransientError as error:
                    refused = error  # raised after the commit, or the marks would be rolled back
                    break
                now = datetime.now(UTC).replace(tzinfo=None)
                await session.update("sidecar_outbox", "id", row["id"], {"published_at": now})
        if refused is not None:
            raise refused
        return bool(rows)
