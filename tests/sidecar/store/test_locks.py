"""Locks between processes."""

import asyncio
import sys
from datetime import timedelta

import pytest
import uvloop

from sidecar.adapters.store_sql import SqlStore, open_store
from sidecar.adapters.store_sql.locks import SqlLocks, name_of
from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.url import parse
from sidecar.errors import TransientError
from tests.consumers.builders import ORDER

HOLD = """
import asyncio, sys
from datetime import timedelta
from schemas.ids import OrderRef
from sidecar.adapters.store_sql import open_store

async def main():
    order = OrderRef.model_validate_json(sys.argv[1])
    async with open_store(sys.stdin.readline().strip()) as store, store.locks.hold(order, timedelta(seconds=5)):
        print("held", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_killed_holder_lets_go(migrated_url: str, store: SqlStore) -> None:
    pipe = asyncio.subprocess.PIPE
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, ORDER.model_dump_json(), stdin=pipe, stdout=pipe
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        holder.stdin.write(f"{migrated_url}\n".encode())
        async with asyncio.timeout(30):
            assert await holder.stdout.readline() == b"held\n"
        with pytest.raises(TransientError) as failure:
            async with store.locks.hold(ORDER, timedelta(milliseconds=100)):
                pytest.fail("two processes hold the same order")
        assert failure.value.code == "order_locked"
    finally:
        holder.kill()
        await holder.communicate()
    async with store.locks.hold(ORDER, timedelta(seconds=30)):
        pass


async def test_stores_exclude_each_other(migrated_url: str, store: SqlStore) -> None:
    holders, most = 0, 0
    async with open_store(migrated_url, connections=2, lock_connections=2) as other:

        async def work(mine: SqlStore) -> None:
            nonlocal holders, most
            async with mine.locks.hold(ORDER, timedelta(seconds=30)):
                holders += 1
                most = max(most, holders)
                await mine.orders.load(ORDER)
                holders -= 1

        await asyncio.gather(*(work(each) for _ in range(10) for each in (store, other)))
        async with store.locks.exclusive("x") as first, other.locks.exclusive("x") as second:
            assert (first, second) == (True, False)
    assert most == 1


async def test_many_waiters_take_one_connection(migrated_url: str) -> None:
    async with open_store(migrated_url, lock_connections=1) as store:

        async def work() -> None:
            async with store.locks.hold(ORDER, timedelta(seconds=30)):
                pass

        await asyncio.gather(*(work() for _ in range(50)))


async def test_a_holder_that_works_long_keeps_speaking(migrated_url: str) -> None:
    spoken = asyncio.Event()
    sent: list[str] = []

    def listen(statement: str) -> None:
        sent.append(statement)
        if sum("IS_USED_LOCK" in statement for statement in sent) == 3:
            spoken.set()

    async with Pool(parse(migrated_url), size=1, on_statement=listen) as pool:
        async with SqlLocks(pool, beat=timedelta(milliseconds=5)).hold(ORDER, timedelta(seconds=5)):
            async with asyncio.timeout(30):
                await spoken.wait()
        assert "RELEASE_LOCK" in sent[-1]


async def outlast_a_silent_holder(url: str) -> None:
    async with Pool(parse(url), size=1, idle_after=timedelta(seconds=1)) as silent:
        mute = SqlLocks(silent, beat=timedelta(hours=1))
        async with (
            open_store(url) as store,
            mute.hold(ORDER, timedelta(seconds=5)),
            store.locks.hold(ORDER, timedelta(seconds=30)),
        ):
            pass


async def test_a_holder_that_vanished_without_a_word_loses_its_lock(migrated_url: str) -> None:
    await outlast_a_silent_holder(migrated_url)


def test_a_lost_lock_is_no_failure_under_the_event_loop_of_production(migrated_url: str) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # it answers a write into a closed connection
        runner.run(outlast_a_silent_holder(migrated_url))


def test_databases_on_one_server_do_not_lock_each_other_out() -> None:
    assert name_of("shop_a", "order/main/1") != name_of("shop_b", "order/main/1")
    assert name_of("shop", "order/main/1") != name_of("shop", "order/main/11")
    assert len(name_of("d" * 64, "order/" + "m" * 200)) <= 64
