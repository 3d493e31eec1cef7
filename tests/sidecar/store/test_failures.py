"""What happens when the database fails, and that nothing of ours stays broken afterwards."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import aiomysql
import pytest

from sidecar.adapters.store_sql import SqlStore, StoreUrlError, migrate, open_store
from sidecar.adapters.store_sql.pool import Pool, Session
from sidecar.adapters.store_sql.url import parse
from sidecar.errors import TransientError, UnauthorizedError
from sidecar.ports.facts import IntentLinked
from sidecar.ports.records import EffectToBegin
from tests.consumers.builders import ORDER, STRIPE, an_intent
from tests.sidecar.store.proxy import line_to

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
SHORT = timedelta(milliseconds=200)


async def kill_all(pool: Pool, database: str) -> int:
    """Kill every other connection to the database, as its administrator would."""
    rows = await pool.rows(
        "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = %(database)s AND ID <> CONNECTION_ID()",
        {"database": database},
    )
    for (number,) in rows:
        await pool.execute(f"KILL {number}")
    return len(rows)


async def test_a_deadlocks_victim_is_tried_again_and_both_are_done(migrated_url: str) -> None:
    async with Pool(parse(migrated_url), size=2) as pool:
        attempts = 0
        for name in ("a", "b"):
            await pool.execute("INSERT INTO cursors (name, value) VALUES (%(name)s, '')", {"name": name})

        def crossing(
            first: str, second: str, mine: asyncio.Event, other: asyncio.Event
        ) -> Callable[[Session], Awaitable[None]]:
            async def body(session: Session) -> None:
                nonlocal attempts
                attempts += 1
                append = "UPDATE cursors SET value = CONCAT(value, %(by)s) WHERE name = %(name)s"
                await session.execute(append, {"by": first, "name": first})
                mine.set()
                await other.wait()
                await session.execute(append, {"by": first, "name": second})

            return body

        here, there = asyncio.Event(), asyncio.Event()
        await asyncio.gather(
            pool.transaction(crossing("a", "b", here, there)), pool.transaction(crossing("b", "a", there, here))
        )
        values = {name: str(value) for name, value in await pool.rows("SELECT name, value FROM cursors")}
        assert attempts == 3
        assert {name: sorted(value) for name, value in values.items()} == {"a": ["a", "b"], "b": ["a", "b"]}


async def test_facts_in_crossing_order_are_all_kept(store: SqlStore) -> None:
    facts = [IntentLinked(STRIPE, ORDER, an_intent(n)) for n in range(6)]
    await asyncio.gather(*(store.orders.record_facts(facts[:: 1 if n % 2 else -1]) for n in range(20)))
    assert len((await store.orders.load(ORDER)).intents) == 6


async def test_connections_killed_while_idle_are_not_used_again(migrated_url: str, store: SqlStore) -> None:
    await asyncio.gather(*(store.orders.load(ORDER) for _ in range(4)))
    async with Pool(parse(migrated_url), size=1) as axe:
        assert await kill_all(axe, parse(migrated_url).database) > 0
    for _ in range(4):
        try:
            await store.orders.load(ORDER)
        except TransientError as error:  # the kill may reach us only after the question
            assert error.code == "connection_lost"  # noqa: PT017  # either is right, but nothing else is
    assert (await store.orders.load(ORDER)).order == ORDER


async def test_a_question_cut_off_is_a_transient_failure(migrated_url: str) -> None:
    async with Pool(parse(migrated_url), size=1) as pool, Pool(parse(migrated_url), size=1) as axe:
        asked = asyncio.create_task(pool.rows("SELECT SLEEP(60)"))
        sleeping = (
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP%' AND DB = DATABASE()"
        )
        async with asyncio.timeout(30):
            while await axe.rows(sleeping) != ((1,),):
                pass
        await kill_all(axe, parse(migrated_url).database)
        with pytest.raises(TransientError) as failure:
            await asked
        assert failure.value.code == "connection_lost"
        assert await pool.rows("SELECT 1") == ((1,),)


async def test_after_a_restart_the_store_goes_on(migrated_url: str) -> None:
    async with line_to(migrated_url) as line, open_store(line.url, connections=4, lock_connections=2) as store:
        await asyncio.gather(*(store.ledger.begin(EffectToBegin(f"k/{n}", "X", ORDER, "{}"), NOW) for n in range(8)))
        await line.cut()
        results = await asyncio.gather(*(store.orders.load(ORDER) for _ in range(12)), return_exceptions=True)
        assert {(type(r), getattr(r, "code", "")) for r in results} <= {
            (TransientError, "unreachable"),
            (TransientError, "connection_lost"),
        }
        with pytest.raises(TransientError):
            async with store.locks.hold(ORDER, SHORT):
                pytest.fail("nobody gave us the lock")
        await line.mend()
        assert len((await store.orders.load(ORDER)).effects) == 8
        async with store.locks.hold(ORDER, timedelta(seconds=5)):
            pass


async def test_a_lock_whose_connection_is_cut_is_let_go(migrated_url: str, store: SqlStore) -> None:
    async with line_to(migrated_url) as line, open_store(line.url, connections=1, lock_connections=1) as other:
        async with other.locks.hold(ORDER, timedelta(seconds=5)):
            await line.cut()
            async with store.locks.hold(ORDER, timedelta(seconds=30)):
                pass
        await line.mend()
        async with other.locks.hold(ORDER, timedelta(seconds=5)):
            pass


async def test_a_server_that_says_nothing_is_not_waited_for(migrated_url: str) -> None:
    async with line_to(migrated_url) as line:
        line.go_dead()
        async with open_store(line.url, connect_timeout=SHORT) as store:
            with pytest.raises(TransientError) as failure:
                await store.orders.load(ORDER)
        assert failure.value.code in {"timeout", "unreachable"}


async def test_an_answer_that_does_not_come_is_not_taken_for_the_next_ones(migrated_url: str) -> None:
    async with line_to(migrated_url) as line, open_store(line.url, connections=1, statement_timeout=SHORT) as store:
        await store.cursors.set("a", "1")
        line.go_dead()
        with pytest.raises(TransientError) as failure:
            await store.cursors.get("a")
        assert failure.value.code == "timeout"
        await line.mend()
        assert await store.cursors.get("b") is None


async def test_cancelled_questions_do_not_use_up_the_connections(store: SqlStore) -> None:
    for turns in range(30):
        tasks = [asyncio.create_task(store.orders.load(ORDER)) for _ in range(6)]
        for _ in range(turns):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(10):
        await asyncio.gather(*(store.orders.load(ORDER) for _ in range(8)))


async def test_nobody_waits_for_a_connection_for_ever(migrated_url: str) -> None:
    async with Pool(parse(migrated_url), size=1, connect_timeout=SHORT) as pool:
        async with pool.session():
            with pytest.raises(TransientError) as failure:
                await pool.rows("SELECT 1")
        assert failure.value.code == "pool_exhausted"
        assert await pool.rows("SELECT 1") == ((1,),)


async def test_a_refused_login_is_named_and_its_password_is_not(migrated_url: str) -> None:
    address = parse(migrated_url)
    url = f"mysql://nobody:s3cr3t-pass@{address.host}:{address.port}/{address.database}"
    async with open_store(url) as store:
        with pytest.raises(UnauthorizedError) as failure:
            await store.orders.load(ORDER)
    assert failure.value.code == "access_denied"
    assert "s3cr3t" not in f"{failure.value} {failure.value!r} {failure.value.__cause__!r} {parse(url)!r}"


async def test_a_value_does_not_get_into_an_error(store: SqlStore) -> None:
    with pytest.raises(TransientError) as failure:
        await store.ledger.begin(EffectToBegin("grace@example.com" * 30, "X", ORDER, "{}"), NOW)
    assert str(failure.value) == "store: mysql_1406: 1406 DATA_TOO_LONG"
    assert failure.value.__suppress_context__


async def test_a_database_without_a_schema_says_so(database_url: str) -> None:
    async with open_store(database_url) as store:
        with pytest.raises(TransientError) as failure:
            await store.orders.load(ORDER)
    assert failure.value.code == "schema_missing"


async def test_a_server_without_tls_is_refused_when_the_url_asks_for_it(migrated_url: str) -> None:
    async with open_store(f"{migrated_url}?ssl=on") as store:
        with pytest.raises(TransientError) as failure:
            await store.ping()
    assert failure.value.code == "tls"


async def test_a_time_without_a_zone_is_refused(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        await store.orders.record_window_closed(ORDER, datetime(2026, 1, 1))  # noqa: DTZ001  # the point of it


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("postgres://u:s3cr3t@h/d", "mysql://"),
        ("mysql://u:s3cr3t@h", "form"),
        ("mysql://:s3cr3t@h/d", "form"),
        ("mysql://u:s3cr3t@h/d/e", "form"),
        ("mysql://u:s3cr3t@h:99999/d", "port"),
        ("mysql://u:s3cr3t@h/d?sslmode=on", "'sslmode'"),
        ("mysql://u:s3cr3t@h/d?ssl=/nowhere/ca.pem", "/nowhere/ca.pem"),
    ],
)
async def test_a_wrong_url_is_refused_without_repeating_its_password(url: str, complaint: str) -> None:
    with pytest.raises(StoreUrlError, match=complaint) as failure:
        await migrate(url)
    assert "s3cr3t" not in str(failure.value)


def test_user_and_password_may_hold_any_character() -> None:
    address = parse("mysql://si%40de:p%2Fw%3A%25@db.example/side%2Dcar")
    assert (address.user, address.password.get_secret_value()) == ("si@de", "p/w:%")
    assert (address.port, address.database, address.tls) == (3306, "side-car", None)


async def test_a_line_that_is_cut_while_it_is_opened_is_no_bug(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_connection: object, *_value: object) -> None:
        raise RuntimeError("Transport does not expose socket instance")

    monkeypatch.setattr(aiomysql.Connection, "_set_nodelay", gone)
    monkeypatch.setattr(aiomysql.Connection, "_set_keep_alive", gone)
    async with open_store(database_url) as store:
        with pytest.raises(TransientError) as error:
            await store.cursors.get("any")
    assert error.value.code == "connection_lost"
