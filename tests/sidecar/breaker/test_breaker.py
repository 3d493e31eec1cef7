"""Breakers of several replicas, which share what they find out."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest

from sidecar.breaker.board import Board
from sidecar.breaker.breaker import Breaker
from sidecar.breaker.circuit import STORE_CIRCUIT, Circuit, CircuitName
from sidecar.breaker.memory import OwnCircuits
from sidecar.breaker.policy import BreakerPolicy
from sidecar.breaker.subject import calling_for
from sidecar.errors import (
    CircuitOpenError,
    RefusedError,
    TransientError,
    UnauthorizedError,
    UnknownOutcomeError,
    UpstreamError,
)
from sidecar.ports.circuits import Circuits
from tests.consumers.builders import ORDER

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAME = CircuitName("stripe:main/live")
POLICY = BreakerPolicy(jitter=0)


class World:
    """One store, some replicas, and a clock that is set by hand."""

    def __init__(self) -> None:
        self.time = NOW
        self.circuits: Circuits = OwnCircuits()
        self.told: list[Circuit] = []

    def now(self) -> datetime:
        return self.time

    def circuit_changed(self, circuit: Circuit) -> None:
        self.told.append(circuit)

    def replica(self, name: str) -> Board:
        return Board(
            {NAME: "stripe"},
            self.circuits,
            policy=POLICY,
            clock=self,
            replica=name,
            own={STORE_CIRCUIT: "store"},
            observer=self,
        )

    def pass_time(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Away:
    """Circuits in a store that is away."""

    async def read(self) -> dict[CircuitName, Circuit]:
        raise TransientError("store", "unreachable")

    async def change(self, circuit: Circuit) -> bool:
        del circuit
        raise TransientError("store", "unreachable")


@pytest.fixture
def world() -> World:
    return World()


async def call(breaker: Breaker, error: UpstreamError | None = None, about: int = 1) -> UpstreamError | None:
    """One call for an order; gives what the caller gets to see."""
    try:
        with calling_for(ORDER.model_copy(update={"order_id": about})):
            async with breaker.call():
                if error is not None:
                    raise error
    except UpstreamError as seen:
        return seen
    return None


async def break_it(breaker: Breaker) -> None:
    for number in range(POLICY.consecutive):
        await call(breaker, UnknownOutcomeError("stripe", "timeout"), number)
    assert breaker.circuit.state == "open"


async def test_calls_go_as_long_as_the_upstream_answers(world: World) -> None:
    breaker = world.replica("one")[NAME]
    for _ in range(100):
        assert await call(breaker) is None
    assert breaker.circuit == Circuit(name=NAME)


async def test_an_outage_opens_it_and_the_next_call_is_not_made(world: World) -> None:
    breaker = world.replica("one")[NAME]
    await break_it(breaker)
    seen = await call(breaker)
    assert isinstance(seen, CircuitOpenError)
    assert (seen.upstream, seen.code, seen.circuit, seen.spends_attempt) == ("stripe", "circuit_open", NAME, False)
    assert seen.retry_after == POLICY.first_open
    told = [(circuit.name, circuit.state, circuit.reason) for circuit in world.told]
    assert told == [(NAME, "closed", ""), (STORE_CIRCUIT, "closed", ""), (NAME, "open", "timeout")]


async def test_the_error_that_opens_it_uses_up_no_attempt_and_those_before_it_do(world: World) -> None:
    breaker = world.replica("one")[NAME]
    spent = []
    for number in range(POLICY.consecutive):
        seen = await call(breaker, UnknownOutcomeError("stripe", "timeout"), number)
        assert seen is not None
        spent.append(seen.spends_attempt)
    assert spent == [True] * (POLICY.consecutive - 1) + [False]


@pytest.mark.parametrize(
    "error",
    [
        RefusedError("stripe", "card_declined"),
        RefusedError("stripe", "http_400"),
        UnauthorizedError("stripe", "http_401"),
        TransientError("stripe", "rate_limit"),
        TransientError("stripe", "lock_timeout"),
    ],
    ids=str,
)
async def test_no_number_of_refusals_ever_opens_it(world: World, error: UpstreamError) -> None:
    breaker = world.replica("one")[NAME]
    for number in range(200):
        await call(breaker, error, number)
    assert breaker.circuit.state == "closed"
    assert error.spends_attempt


async def test_what_one_replica_finds_out_all_know(world: World) -> None:
    one, two = world.replica("one"), world.replica("two")
    await break_it(one[NAME])
    assert await call(two[NAME]) is None
    await two.refresh()
    assert isinstance(await call(two[NAME]), CircuitOpenError)
    assert two.blocked([NAME]) == {NAME}


async def test_one_replica_probes_with_one_call_at_a_time_and_closes_it_for_all(world: World) -> None:
    boards = [world.replica(name) for name in ("one", "two", "three")]
    await break_it(boards[0][NAME])
    world.pass_time(POLICY.first_open.total_seconds())
    await asyncio.gather(*(board.refresh() for board in boards))
    for board in boards:
        await board.refresh()
    (prober,) = [board for board in boards if board.probed_here([NAME])]
    others = [board for board in boards if board is not prober]
    for board in others:
        assert isinstance(await call(board[NAME]), CircuitOpenError)
    async with prober[NAME].call():
        assert isinstance(await call(prober[NAME]), CircuitOpenError)  # the probe is under way
    assert prober[NAME].circuit.state == "closed"
    for board in others:
        await board.refresh()
        assert await call(board[NAME]) is None


async def test_a_probe_that_fails_opens_it_for_longer(world: World) -> None:
    board = world.replica("one")
    await break_it(board[NAME])
    waits = []
    for _ in range(4):
        circuit = board[NAME].circuit
        assert circuit.retry_at is not None
        waits.append((circuit.retry_at - world.time).total_seconds())
        world.time = circuit.retry_at
        await board.refresh()
        seen = await call(board[NAME], UnknownOutcomeError("stripe", "http_503"))
        assert seen is not None
        assert not seen.spends_attempt
    assert waits == [5, 10, 20, 30]


async def test_a_refusal_is_as_good_a_sign_of_life_as_any(world: World) -> None:
    board = world.replica("one")
    await break_it(board[NAME])
    world.pass_time(30)
    await board.refresh()
    await call(board[NAME], RefusedError("stripe", "card_declined"))
    assert board[NAME].circuit.state == "closed"


async def test_a_call_from_before_that_ends_late_does_not_fail_the_probe(world: World) -> None:
    board = world.replica("one")
    late = board[NAME].call()
    await late.__aenter__()
    await break_it(board[NAME])
    world.pass_time(30)
    await board.refresh()
    assert board[NAME].probes_here
    assert not await late.__aexit__(UnknownOutcomeError, UnknownOutcomeError("stripe", "timeout"), None)
    assert board[NAME].circuit.state == "half_open"


async def test_a_prober_that_dies_is_followed_by_another(world: World) -> None:
    one, two = world.replica("one"), world.replica("two")
    await break_it(one[NAME])
    world.pass_time(30)
    await one.refresh()
    assert one[NAME].probes_here
    await two.refresh()
    assert not two[NAME].probes_here
    world.pass_time(POLICY.probe_patience.total_seconds())
    await two.refresh()
    assert two[NAME].probes_here
    await one.refresh()
    assert not one[NAME].probes_here


async def test_a_store_that_is_away_leaves_everything_as_it_is_known(world: World) -> None:
    board = world.replica("one")
    await break_it(board[NAME])
    board[NAME]._circuits = Away()  # noqa: SLF001  # the store goes away under it
    board._circuits = Away()  # noqa: SLF001
    await board.refresh()
    assert isinstance(await call(board[NAME]), CircuitOpenError)
    fresh = Board({NAME: "stripe"}, Away(), policy=POLICY, clock=world, replica="two")
    for number in range(20):
        await call(fresh[NAME], UnknownOutcomeError("stripe", "timeout"), number)
    assert await call(fresh[NAME]) is None  # it cannot tell the others, so it goes on asking


async def test_the_stores_own_circuit_needs_no_store(world: World) -> None:
    world.circuits = Away()
    board = world.replica("one")
    breaker = board[STORE_CIRCUIT]
    for number in range(POLICY.consecutive):
        await breaker.failed(TransientError("store", "connection_lost"), probing=False, about=str(number))
    assert board.blocked([STORE_CIRCUIT]) == {STORE_CIRCUIT}
    world.pass_time(30)
    await board.refresh()
    assert board.probed_here([STORE_CIRCUIT]) == {STORE_CIRCUIT}
    await breaker.passed()
    assert board.blocked([STORE_CIRCUIT]) == frozenset()


async def test_whoever_waits_is_woken_by_a_change(world: World) -> None:
    board = world.replica("one")
    waiting = asyncio.create_task(board.changed())
    await asyncio.sleep(0)
    assert not waiting.done()
    await break_it(board[NAME])
    async with asyncio.timeout(5):
        await waiting


async def test_it_is_kept_in_step_while_the_block_runs(world: World) -> None:
    one = world.replica("one")
    two = Board(
        {NAME: "stripe"},
        world.circuits,
        policy=POLICY,
        clock=world,
        replica="two",
        every=timedelta(milliseconds=5),
    )
    async with two.kept(), asyncio.timeout(10):
        changed = asyncio.create_task(two.changed())
        await break_it(one[NAME])
        await changed
        assert two.blocked([NAME]) == {NAME}


def test_jitter_shortens_the_wait_by_up_to_its_share() -> None:
    rng = random.Random(1)  # noqa: S311  # jitter is no secret
    policy = BreakerPolicy(jitter=0.2)
    waits = {policy.open_for(4, rng.random()) for _ in range(100)}
    assert len(waits) > 50
    assert all(policy.longest_open * 0.8 <= wait <= policy.longest_open for wait in waits)
