"""What every place for circuits has to do, asked of the one in SQL and of the one in memory."""

import asyncio
from datetime import UTC, datetime, timedelta

from sidecar.breaker.circuit import Circuit, CircuitName
from sidecar.breaker.policy import BreakerPolicy
from sidecar.ports.store import Store

NOW = datetime(2026, 11, 23, 12, 30, 15, 123456, tzinfo=UTC)
POLICY = BreakerPolicy()
NAME = CircuitName("magento-rest:shop")


async def test_nothing_is_kept_at_first(store: Store) -> None:
    assert dict(await store.circuits.read()) == {}


async def test_a_circuit_comes_back_as_it_was_in_each_state(store: Store) -> None:
    opened = Circuit(name=NAME).trip("http_503", NOW, POLICY, 0.5)
    assert await store.circuits.change(opened)
    assert dict(await store.circuits.read()) == {NAME: opened}
    claimed = opened.claim("replica-ü", NOW + timedelta(minutes=1), POLICY)
    assert claimed is not None
    assert await store.circuits.change(claimed)
    assert (await store.circuits.read())[NAME] == claimed
    closed = claimed.close(NOW + timedelta(minutes=2))
    assert await store.circuits.change(closed)
    assert (await store.circuits.read())[NAME] == closed


async def test_of_many_who_change_the_same_version_one_succeeds(store: Store) -> None:
    first = [Circuit(name=NAME).trip(f"code_{n}", NOW, POLICY, 0) for n in range(8)]
    assert sum(await asyncio.gather(*(store.circuits.change(each) for each in first))) == 1
    kept = (await store.circuits.read())[NAME]
    claims = [kept.claim(f"replica {n}", NOW + timedelta(hours=1), POLICY) for n in range(8)]
    assert sum(await asyncio.gather(*(store.circuits.change(each) for each in claims if each))) == 1


async def test_a_version_that_is_not_the_next_is_refused(store: Store) -> None:
    opened = Circuit(name=NAME).trip("timeout", NOW, POLICY, 0)
    later = opened.close(NOW).trip("timeout", NOW, POLICY, 0)
    assert not await store.circuits.change(later)
    assert await store.circuits.change(opened)
    assert not await store.circuits.change(opened)
    assert not await store.circuits.change(later)
    assert (await store.circuits.read())[NAME] == opened


async def test_each_upstream_has_its_own(store: Store) -> None:
    other = CircuitName("stripe:main/live")
    for name in (NAME, other):
        assert await store.circuits.change(Circuit(name=name).trip("timeout", NOW, POLICY, 0))
    assert set(await store.circuits.read()) == {NAME, other}
