"""Circuits that nobody else shares: for the store itself, whose state cannot be kept in it."""

from collections.abc import Mapping

from sidecar.breaker.circuit import Circuit, CircuitName


class OwnCircuits:
    """`sidecar.ports.circuits.Circuits` of one process."""

    def __init__(self) -> None:
        self._circuits: dict[CircuitName, Circuit] = {}

    async def read(self) -> Mapping[CircuitName, Circuit]:
        """All of them."""
        return dict(self._circuits)

    async def change(self, circuit: Circuit) -> bool:
        """Put it in place of the version before it."""
        known = self._circuits.get(circuit.name)
        if circuit.version != (known.version if known else 0) + 1:
            return False
        self._circuits[circuit.name] = circuit
        return True
