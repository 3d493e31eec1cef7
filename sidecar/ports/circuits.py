"""The circuits, where all replicas see them."""

from collections.abc import Mapping
from typing import Protocol

from sidecar.breaker.circuit import Circuit, CircuitName


class Circuits(Protocol):
    """One row for each circuit that ever left its first state."""

    async def read(self) -> Mapping[CircuitName, Circuit]:
        """All of them. Raises `TransientError` when the store is away."""
        ...

    async def change(self, circuit: Circuit) -> bool:
        """Put the circuit in place of the version before it; False when somebody else was faster.

        Raises `TransientError` when the store is away.
        """
        ...
