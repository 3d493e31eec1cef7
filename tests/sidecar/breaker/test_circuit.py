"""The circuit as a state machine, for any order of what may happen to it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from schemas.ids import AccountAlias, Instance, StripeRef
from sidecar.breaker.circuit import Circuit, CircuitName, magento_circuit, stripe_circuit
from sidecar.breaker.policy import BreakerPolicy
from sidecar.breaker.routes import Intake, intake

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
POLICY = BreakerPolicy()
SECOND = timedelta(seconds=1)
A, B, C = CircuitName("stripe:a/live"), CircuitName("stripe:b/live"), CircuitName("magento-rest:shop")


class AnyHistory(RuleBasedStateMachine):
    """Several replicas, whose clocks only go forwards, do to a circuit what they can."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.circuit = Circuit(name=A)
        self.probing: set[str] = set()

    @rule(seconds=st.floats(0.01, 400))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.circuit.state == "closed")
    @rule(jitter=st.floats(0, 1))
    def enough_calls_fail(self, jitter: float) -> None:
        before = self.circuit
        self.circuit = before.trip("http_503", self.now, POLICY, jitter)
        assert self.circuit.opened in {1, before.opened + 1}

    @rule(replica=st.sampled_from(["one", "two", "three"]))
    def a_replica_wants_to_probe(self, replica: str) -> None:
        claimed = self.circuit.claim(replica, self.now, POLICY)
        if self.circuit.state == "closed":
            assert claimed is None
        elif claimed is not None:
            assert self.circuit.retry_at is not None
            assert self.now >= self.circuit.retry_at
            self.probing = {replica}
            self.circuit = claimed

    @precondition(lambda self: self.circuit.state == "half_open")
    @rule(jitter=st.floats(0, 1))
    def the_probe_fails(self, jitter: float) -> None:
        longer = self.circuit.opened + 1
        self.circuit = self.circuit.trip("timeout", self.now, POLICY, jitter)
        assert self.circuit.opened == longer
        self.probing.clear()

    @precondition(lambda self: self.circuit.state == "half_open")
    @rule()
    def the_probe_goes_well(self) -> None:
        self.circuit = self.circuit.close(self.now)
        self.probing.clear()

    @invariant()
    def at_most_one_replica_probes(self) -> None:
        assert ({self.circuit.probe_by} if self.circuit.probe_by else set()) == self.probing

    @invariant()
    def a_wait_never_exceeds_the_longest(self) -> None:
        left = self.circuit.left(self.now, POLICY)
        assert timedelta() <= left <= max(POLICY.longest_open, POLICY.probe_patience)

    @invariant()
    def states_and_times_belong_together(self) -> None:
        assert (self.circuit.retry_at is None) == (self.circuit.state == "closed")
        assert (self.circuit.probe_by is None) == (self.circuit.state != "half_open")


TestAnyHistory = AnyHistory.TestCase


@given(opened=st.integers(1, 10_000), jitter=st.floats(0, 1))
def test_the_time_open_doubles_up_to_the_longest(opened: int, jitter: float) -> None:
    time = POLICY.open_for(opened, jitter)
    assert POLICY.first_open * (1 - POLICY.jitter) <= time <= POLICY.longest_open
    assert POLICY.open_for(opened, 0) <= POLICY.open_for(opened + 1, 0)


def test_the_time_open_in_figures() -> None:
    assert [POLICY.open_for(opened, 0).total_seconds() for opened in range(1, 6)] == [5, 10, 20, 30, 30]


def test_after_a_quiet_time_it_begins_again_with_the_shortest() -> None:
    circuit = Circuit(name=A)
    for _ in range(3):
        circuit = circuit.trip("timeout", NOW, POLICY, 0).close(NOW)
    assert circuit.trip("timeout", NOW + SECOND, POLICY, 0).opened == 4
    assert circuit.trip("timeout", NOW + POLICY.quiet, POLICY, 0).opened == 1


def test_it_is_not_probed_before_its_time() -> None:
    opened = Circuit(name=A).trip("timeout", NOW, POLICY, 0)
    assert opened.claim("one", NOW + POLICY.first_open - SECOND, POLICY) is None
    claimed = opened.claim("one", NOW + POLICY.first_open, POLICY)
    assert claimed is not None
    assert (claimed.state, claimed.probe_by, claimed.version) == ("half_open", "one", opened.version + 1)


def test_a_probe_that_is_lost_is_taken_over() -> None:
    opened = Circuit(name=A).trip("timeout", NOW, POLICY, 0)
    claimed = opened.claim("one", NOW + POLICY.first_open, POLICY)
    assert claimed is not None
    later = NOW + POLICY.first_open + POLICY.probe_patience
    assert claimed.claim("two", later - SECOND, POLICY) is None
    taken_over = claimed.claim("two", later, POLICY)
    assert taken_over is not None
    assert taken_over.probe_by == "two"


def test_a_replica_whose_clock_is_ahead_keeps_nobody_waiting() -> None:
    opened = Circuit(name=A).trip("timeout", NOW + timedelta(hours=3), POLICY, 0)
    assert opened.is_due(NOW, POLICY)
    assert opened.left(NOW, POLICY) <= max(POLICY.longest_open, POLICY.probe_patience)


def test_circuits_are_called_as_the_settings_name_them() -> None:
    assert stripe_circuit(StripeRef(account=AccountAlias("main"), mode="live")) == "stripe:main/live"
    assert magento_circuit(Instance("shop"), "db") == "magento-db:shop"


@pytest.mark.parametrize(
    ("routes", "blocked", "probed", "taken"),
    [
        ([{A, C}], [], [], Intake.OPEN),
        ([{A, C}], [A], [], Intake.SHUT),
        ([{A, C}], [C], [], Intake.SHUT),
        ([{A, C}], [], [A], Intake.PROBE),
        ([{A, C}], [C], [A], Intake.SHUT),  # the probe's message could not be finished anyway
        ([{A, C}, {B, C}], [A], [], Intake.OPEN),  # the other account's messages are none of its business
        ([{A, C}, {B, C}], [A, B], [], Intake.SHUT),
        ([{A, C}, {B, C}], [C], [], Intake.SHUT),
        ([{A, C}, {B, C}], [A], [B], Intake.PROBE),
        ([{A, C}, {B, C}], [], [B], Intake.OPEN),
        ([frozenset()], [A, B, C], [], Intake.OPEN),
        ([], [A], [], Intake.OPEN),
    ],
)
def test_when_a_queue_is_left_alone(
    routes: list[set[CircuitName]], blocked: list[CircuitName], probed: list[CircuitName], taken: Intake
) -> None:
    assert intake([frozenset(route) for route in routes], blocked, probed) is taken


NAMES = st.frozensets(st.sampled_from([A, B, C]))


@given(routes=st.lists(NAMES, max_size=4), blocked=NAMES, probed=NAMES)
def test_a_queue_is_open_as_long_as_one_of_its_routes_is_free(
    routes: list[frozenset[CircuitName]], blocked: frozenset[CircuitName], probed: frozenset[CircuitName]
) -> None:
    taken = intake(routes, blocked, probed - blocked)
    free = [route for route in routes if not route & (blocked | probed)]
    assert (taken is Intake.OPEN) == (bool(free) or not routes)
    assert intake(routes, [], []) is Intake.OPEN
