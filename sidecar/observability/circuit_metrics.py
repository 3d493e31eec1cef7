"""Prometheus metrics of circuit breakers."""

from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge

from sidecar.breaker.circuit import Circuit, State


class CircuitMetrics:
    """`sidecar.breaker.breaker.CircuitObserver`. `circuit` is an upstream by its name in the settings."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._state = Gauge(
            "sidecar_circuit_state",
            "1 for the state that the circuit is in: `closed`, `open` or `half_open`.",
            ["circuit", "state"],
            registry=registry,
        )
        self._opened = Counter(
            "sidecar_circuit_opened",
            "Times that this process saw a circuit open, by the code of the error.",
            ["circuit", "reason"],
            registry=registry,
        )

    def circuit_changed(self, circuit: Circuit) -> None:
        """It is in this state now."""
        for state in get_args(State):
            self._state.labels(circuit.name, state).set(state == circuit.state)
        if circuit.state == "open":
            self._opened.labels(circuit.name, circuit.reason).inc()
