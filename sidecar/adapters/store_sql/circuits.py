"""The circuits, in SQL."""

from collections.abc import Mapping
from typing import cast

from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.values import Params, moment, moment_or_none, text, text_or_none, to_column, whole
from sidecar.breaker.circuit import Circuit, CircuitName, State

# What the upsert does to a row that is there changes nothing, so that the server says 0 instead of 1.
_FIRST = """
INSERT INTO circuits (name, version, state, opened, reason, changed_at, retry_at, probe_by)
VALUES (%(name)s, %(version)s, %(state)s, %(opened)s, %(reason)s, %(changed_at)s, %(retry_at)s, %(probe_by)s)
ON DUPLICATE KEY UPDATE version = version
"""
_NEXT = """
UPDATE circuits SET version = %(version)s, state = %(state)s, opened = %(opened)s, reason = %(reason)s,
  changed_at = %(changed_at)s, retry_at = %(retry_at)s, probe_by = %(probe_by)s
WHERE name = %(name)s AND version = %(before)s
"""


class SqlCircuits:
    """`sidecar.ports.circuits.Circuits` on MySQL or MariaDB. Every method sends one statement."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def read(self) -> Mapping[CircuitName, Circuit]:
        """All of them."""
        rows = await self._pool.rows(
            "SELECT name, version, state, opened, reason, changed_at, retry_at, probe_by FROM circuits"
        )
        circuits = (
            Circuit(
                name=CircuitName(text(name)),
                version=whole(version),
                state=cast("State", text(state)),
                opened=whole(opened),
                reason=text(reason),
                changed_at=moment(changed_at),
                retry_at=moment_or_none(retry_at),
                probe_by=text_or_none(probe_by),
            )
            for name, version, state, opened, reason, changed_at, retry_at, probe_by in rows
        )
        return {circuit.name: circuit for circuit in circuits}

    async def change(self, circuit: Circuit) -> bool:
        """A first version is inserted, any other takes the place of the one before it."""
        if circuit.changed_at is None:
            raise ValueError(f"{circuit.name} has never changed: there is nothing to keep")
        params: Params = {
            "name": circuit.name,
            "version": circuit.version,
            "before": circuit.version - 1,
            "state": circuit.state,
            "opened": circuit.opened,
            "reason": circuit.reason,
            "changed_at": to_column(circuit.changed_at),
            "retry_at": None if circuit.retry_at is None else to_column(circuit.retry_at),
            "probe_by": circuit.probe_by,
        }
        return await self._pool.execute(_FIRST if circuit.version == 1 else _NEXT, params) == 1
