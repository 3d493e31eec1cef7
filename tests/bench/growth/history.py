"""Years of orders in the store's tables, made by the database itself: ten million rows in a minute or two."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sidecar.adapters.store_sql.partitions import add_months
from sidecar.adapters.store_sql.pool import Pool
from sidecar.adapters.store_sql.url import parse
from sidecar.adapters.store_sql.values import Params, to_column

FIRST: Final = 1_000_000
"""The first order's number. Those with history end before 9,999,999, so that all have as many digits."""
PER_ORDER: Final = 18.4
"""Rows that an order leaves, on average, in all tables."""
BATCH: Final = 100_000
"""Orders that one statement makes."""
OVER: Final = timedelta(days=730)
ACCOUNT, MODE = "main", "test"

# Stripe's ids begin with what grows in time.
_INTENT: Final = "CONCAT('pi_3', LPAD(o.n, 9, '0'), SUBSTR(SHA1(o.n), 1, 14))"
_REFUND: Final = "CONCAT('re_3', LPAD(o.n, 9, '0'), SUBSTR(SHA1(o.n), 1, 14))"
_PLACED: Final = "%(begin)s + INTERVAL o.n * %(seconds)s DIV %(orders)s SECOND"
_STATUS: Final = "IF(MOD(o.n, 10) = 0, 'requires_payment_method', 'succeeded')"


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of one table.

    Attributes:
        columns: what each column gets, in SQL over `o.n`, an order's number, and `k.n`, a row's of that order.
        each: how many an order has.
        of: only every so many orders have them.
    """

    table: str
    columns: dict[str, str]
    each: int = 1
    of: int = 1

    @property
    def statement(self) -> str:
        condition = f"MOD(o.n, {self.of}) = 0 AND o.n >= %(first)s AND o.n < %(last)s AND k.n < {self.each}"
        return (
            f"INSERT INTO {self.table} ({', '.join(self.columns)}) SELECT {', '.join(self.columns.values())}"  # noqa: S608  # constants
            f" FROM numbers AS o STRAIGHT_JOIN fives AS k WHERE {condition}"
        )


def _body(size: int) -> str:
    """JSON of so many bytes; only its length matters, since nobody reads history."""
    return f"CONCAT('{{\"n\":', o.n, ',\"filler\":\"', REPEAT('x', {size - 32}), '\"}}')"


# The sizes are those of the rows that `tests/costs` leaves.
HISTORY: Final = (
    _Rows(
        "orders",
        {
            "instance": "%(instance)s",
            "order_id": "%(number)s + o.n",
            "increment_id": "LPAD(%(number)s + o.n, 9, '0')",
            "account": f"'{ACCOUNT}'",
            "mode": f"'{MODE}'",
            "website_code": "'base'",
            "buyer": "CONCAT('order/', %(number)s + o.n)",
            "placed_at": _PLACED,
            "snapshot": _body(1993),
            "window_closes_at": f"{_PLACED} + INTERVAL 1 DAY",
            "window_closed_at": "IF(MOD(o.n, 10) = 0, %(begin)s, NULL)",
            "window_settled": "MOD(o.n, 10) <> 0",
        },
    ),
    _Rows(
        "payment_intents",
        {
            "account": f"'{ACCOUNT}'",
            "mode": f"'{MODE}'",
            "intent_id": _INTENT,
            "instance": "%(instance)s",
            "order_id": "%(number)s + o.n",
            "view": _body(1192),
            "status": _STATUS,
            "finality": "IF(MOD(o.n, 10) = 0, 0, 2)",
        },
    ),
    _Rows(
        "checkout_sessions",
        {
            "account": f"'{ACCOUNT}'",
            "mode": f"'{MODE}'",
            "session_id": "CONCAT('cs_test_', LPAD(o.n, 9, '0'), SHA1(o.n))",
            "instance": "%(instance)s",
            "order_id": "%(number)s + o.n",
            "view": _body(700),
            "status": "'complete'",
            "finality": "2",
        },
        of=3,
    ),
    _Rows(
        "customer_links",
        {
            "account": f"'{ACCOUNT}'",
            "mode": f"'{MODE}'",
            "instance": "%(instance)s",
            "website_code": "'base'",
            "buyer": "CONCAT('order/', %(number)s + o.n)",
            "customer_id": "CONCAT('cus_', SUBSTR(SHA1(o.n), 1, 14))",
            "agreed": _body(834),
        },
    ),
    _Rows(
        "customers",
        {
            "instance": "%(instance)s",
            "customer_id": "%(number)s + o.n",
            "store": _body(74),
            "snapshot": _body(719),
            "updated_at": _PLACED,
        },
        of=3,
    ),
    _Rows(
        "effect_ledger",
        {
            "effect_key": f"CONCAT('magento:', %(instance)s, '/', %(number)s + o.n, ':capture:', {_INTENT}, '/', k.n)",
            "kind": "'RecordCapture'",
            "instance": "%(instance)s",
            "order_id": "%(number)s + o.n",
            "state": "'done'",
            "params": _body(596),
            "result": _body(349),
            "attempts": "1",
            "started_at": _PLACED,
            "done_at": f"{_PLACED} + INTERVAL k.n SECOND",
        },
        each=4,
    ),
    _Rows(
        "inbox",
        {
            "consumer": "ELT(1 + k.n, 'orders', 'stripe-events', 'stripe-events', 'refunds', 'customers')",
            "event_hash": "UNHEX(SUBSTR(SHA2(CONCAT(o.n, '/', k.n), 256), 1, 32))",
            "done_at": f"{_PLACED} + INTERVAL k.n SECOND",
        },
        each=5,
    ),
    _Rows(
        "timeline",
        {
            "at": f"{_PLACED} + INTERVAL k.n SECOND",
            "instance": "%(instance)s",
            "order_id": "%(number)s + o.n",
            "source": "'sidecar'",
            "kind": "'RecordCapture'",
            "summary": "'Magento: the payment was recorded, and so on'",
            "detail": '\'{"invoice_id": 1000001, "outcome": "applied"}\'',
            "trace_id": "MD5(o.n)",
        },
        each=5,
    ),
    _Rows(
        "creditmemos",
        {
            "instance": "%(instance)s",
            "creditmemo_id": "%(number)s + o.n",
            "order_id": "%(number)s + o.n",
            "increment_id": "LPAD(o.n, 9, '0')",
            "snapshot": _body(1086),
        },
        of=10,
    ),
    _Rows(
        "refunds",
        {
            "account": f"'{ACCOUNT}'",
            "mode": f"'{MODE}'",
            "refund_id": _REFUND,
            "instance": "%(instance)s",
            "order_id": "%(number)s + o.n",
            "view": _body(418),
            "status": "'succeeded'",
            "reached": "1",
        },
        of=10,
    ),
    _Rows(
        "refund_links",
        {
            "account": f"'{ACCOUNT}'",
            "mode": f"'{MODE}'",
            "refund_id": _REFUND,
            "instance": "%(instance)s",
            "order_id": "%(number)s + o.n",
            "creditmemo_id": "%(number)s + o.n",
        },
        of=10,
    ),
    _Rows(
        "parked_messages",
        {
            "queue": "'orders'",
            "ref": "SUBSTR(SHA1(o.n), 1, 12)",
            "copies": "0",
            "event_id": "CONCAT('order-placed-', o.n)",
            "source": "'/magento/main'",
            "type": "'magento.order.placed.v1'",
            "reason": "'unknown_store'",
            "parked_at": _PLACED,
            "ended_at": _PLACED,
            "ended_as": "'replayed'",
        },
        of=200,
    ),
)


async def fill(
    url: str,
    rows: int,
    now: datetime,
    *,
    instance: str = "main",
    over: timedelta = OVER,
    told: Callable[[int, int], None] | None = None,
) -> int:
    """Put some `rows` of history into a migrated and empty store, evenly over the time before `now`.

    Args:
        url: the store.
        rows: how many, in all tables together.
        now: the end of history.
        instance: whose orders.
        over: how long it is.
        told: told how many orders are done, of how many, after each statement's worth.

    Returns:
        how many orders there are; the first is `FIRST`.
    """
    orders = max(200, round(rows / PER_ORDER))
    begin = now - over
    async with Pool(parse(url), size=1, statement_timeout=timedelta(hours=1)) as pool:
        await add_months(pool, begin, ahead=round(over / timedelta(days=30)) + 3)
        async with pool.session() as session:
            await session.execute("SET SESSION unique_checks = 0, SESSION foreign_key_checks = 0")
            await session.execute("CREATE TABLE numbers (n INT UNSIGNED PRIMARY KEY)")
            await session.execute("INSERT INTO numbers VALUES (0), (1), (2), (3), (4)")
            await session.execute("CREATE TABLE fives SELECT n FROM numbers")
            have = 5
            while have < orders:
                await session.execute(f"INSERT INTO numbers SELECT n + {have} FROM numbers")  # noqa: S608  # a number
                have *= 2
            values: Params = {
                "instance": instance,
                "number": FIRST,
                "begin": to_column(begin),
                "seconds": round(over.total_seconds()),
                "orders": orders,
            }
            for first in range(0, orders, BATCH):
                last = min(first + BATCH, orders)
                for history in HISTORY:
                    await session.execute(history.statement, {**values, "first": first, "last": last})
                if told is not None:
                    told(last, orders)
            await session.execute("DROP TABLE numbers, fives")
            tables = ", ".join(history.table for history in HISTORY)
            await session.rows(f"ANALYZE TABLE {tables}")
    return orders
