"""What is known of orders, in SQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from schemas.ids import OrderRef, StripeRef
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.magento.order_canceled_v1 import OrderCanceledV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from sidecar.adapters.store_sql.facts import statement_of
from sidecar.adapters.store_sql.pool import Pool, Session
from sidecar.adapters.store_sql.record import LOAD, record_of
from sidecar.adapters.store_sql.values import Params, to_column
from sidecar.ports.facts import Fact
from sidecar.ports.records import OrderRecord

# The first snapshot wins. `snapshot` is assigned last, because the others ask whether it was there.
_PLACED = """
INSERT INTO orders
  (instance, order_id, increment_id, account, mode, website_code, buyer, placed_at, window_closes_at, snapshot)
VALUES
  (%(instance)s, %(order_id)s, %(increment_id)s, %(account)s, %(mode)s, %(website_code)s, %(buyer)s, %(placed_at)s,
   %(window_closes_at)s, %(snapshot)s)
ON DUPLICATE KEY UPDATE
  increment_id = IF(snapshot IS NULL, %(increment_id)s, increment_id),
  account = IF(snapshot IS NULL, %(account)s, account),
  mode = IF(snapshot IS NULL, %(mode)s, mode),
  website_code = IF(snapshot IS NULL, %(website_code)s, website_code),
  buyer = IF(snapshot IS NULL, %(buyer)s, buyer),
  placed_at = IF(snapshot IS NULL, %(placed_at)s, placed_at),
  window_closes_at = IF(snapshot IS NULL, %(window_closes_at)s, window_closes_at),
  snapshot = COALESCE(snapshot, %(snapshot)s)
"""
_CANCELED = """
INSERT INTO orders (instance, order_id, increment_id, canceled_at)
VALUES (%(instance)s, %(order_id)s, %(increment_id)s, %(at)s)
ON DUPLICATE KEY UPDATE
  increment_id = COALESCE(increment_id, %(increment_id)s),
  canceled_at = LEAST(COALESCE(canceled_at, %(at)s), %(at)s)
"""
_WINDOW_CLOSED = """
INSERT INTO orders (instance, order_id, window_closed_at) VALUES (%(instance)s, %(order_id)s, %(at)s)
ON DUPLICATE KEY UPDATE window_closed_at = LEAST(COALESCE(window_closed_at, %(at)s), %(at)s)
"""
_CREDITMEMO = """
INSERT INTO creditmemos (instance, creditmemo_id, order_id, increment_id, snapshot)
VALUES (%(instance)s, %(creditmemo_id)s, %(order_id)s, %(increment_id)s, %(snapshot)s)
ON DUPLICATE KEY UPDATE creditmemo_id = creditmemo_id
"""
_SETTLED = """
INSERT INTO orders (instance, order_id, window_settled) VALUES (%(instance)s, %(order_id)s, TRUE)
ON DUPLICATE KEY UPDATE window_settled = TRUE
"""


class SqlOrders:
    """`sidecar.ports.store.Orders` on MySQL or MariaDB. Every method is one round trip."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def record_placed(self, event: OrderPlacedV1, stripe: StripeRef, window: timedelta | None) -> None:
        """Keep the snapshot, unless there is one."""
        await self._pool.execute(
            _PLACED,
            {
                **_key(event.ref),
                "increment_id": event.increment_id,
                "account": stripe.account,
                "mode": stripe.mode,
                "website_code": event.store.website_code,
                "buyer": buyer_of(event),
                "placed_at": to_column(event.placed_at),
                "window_closes_at": None if window is None else to_column(event.placed_at + window),
                "snapshot": event.model_dump_json(),
            },
        )

    async def record_canceled(self, event: OrderCanceledV1) -> None:
        """Keep when it was cancelled; of several times, the earliest."""
        params = {**_key(event.ref), "increment_id": event.increment_id, "at": to_column(event.canceled_at)}
        await self._pool.execute(_CANCELED, params)

    async def record_window_closed(self, order: OrderRef, at: datetime) -> None:
        """Keep when the window closed; of several times, the earliest."""
        await self._pool.execute(_WINDOW_CLOSED, {**_key(order), "at": to_column(at)})

    async def record_creditmemo(self, memo: CreditmemoCreatedV1) -> None:
        """Keep the credit memo's snapshot; the first one wins."""
        values: Params = {
            **_key(memo.order),
            "creditmemo_id": memo.creditmemo_id,
            "increment_id": memo.increment_id,
            "snapshot": memo.model_dump_json(),
        }
        await self._pool.execute(_CREDITMEMO, values)

    async def record_facts(self, facts: Sequence[Fact]) -> None:
        """Keep them all or none: one statement for one fact; for more, one each between `BEGIN` and `COMMIT`."""
        if not facts:
            return
        if len(facts) == 1:
            await self._pool.execute(*statement_of(facts[0]))
            return

        async def body(session: Session) -> None:
            for fact in facts:
                session.put_off(*statement_of(fact))

        await self._pool.transaction(body)

    async def record_and_load(self, order: OrderRef, facts: Sequence[Fact]) -> OrderRecord:
        """The same and `load`, in one round trip."""
        statements = [statement_of(fact) for fact in facts]
        return record_of(order, await self._pool.rows_after(statements, LOAD, _key(order)))

    async def load(self, order: OrderRef) -> OrderRecord:
        """Everything about the order, read at one moment by one statement."""
        return record_of(order, await self._pool.rows(LOAD, _key(order)))

    async def stripe_of(self, order: OrderRef) -> StripeRef | None:
        """The account and mode that the order was placed under."""
        rows = await self._pool.rows(
            "SELECT account, mode FROM orders WHERE instance = %(instance)s AND order_id = %(order_id)s"
            " AND account IS NOT NULL",
            _key(order),
        )
        return StripeRef.model_validate({"account": rows[0][0], "mode": rows[0][1]}) if rows else None

    async def order_of_intent(self, stripe: StripeRef, intent: str) -> OrderRef | None:
        """The order that a linked PaymentIntent belongs to."""
        rows = await self._pool.rows(
            "SELECT instance, order_id FROM payment_intents"
            " WHERE account = %(account)s AND mode = %(mode)s AND intent_id = %(intent)s",
            {"account": stripe.account, "mode": stripe.mode, "intent": intent},
        )
        return _ref(rows[0]) if rows else None

    async def find_by_increment_id(self, increment_id: str) -> tuple[OrderRef, ...]:
        """Every order with this increment id, by instance and order id."""
        rows = await self._pool.rows(
            "SELECT instance, order_id FROM orders WHERE increment_id = %(increment_id)s ORDER BY instance, order_id",
            {"increment_id": increment_id},
        )
        return tuple(_ref(row) for row in rows)

    async def due_windows(self, now: datetime, limit: int) -> tuple[OrderRef, ...]:
        """Orders whose time to pay is over, the longest overdue first."""
        rows = await self._pool.rows(
            "SELECT instance, order_id FROM orders WHERE window_due_at <= %(now)s"
            " ORDER BY window_due_at, instance, order_id LIMIT %(limit)s",
            {"now": to_column(now), "limit": limit},
        )
        return tuple(_ref(row) for row in rows)

    async def settle_window(self, order: OrderRef) -> None:
        """The order's window no longer matters."""
        await self._pool.execute(_SETTLED, _key(order))


def buyer_of(event: OrderPlacedV1) -> str:
    """Whom a Stripe Customer stands for, in the form of `CustomerLinked.buyer`."""
    customer = event.buyer.customer_id
    return f"order/{event.order_id}" if customer is None else f"customer/{customer}"


def _key(order: OrderRef) -> Params:
    return {"instance": order.instance, "order_id": order.order_id}


def _ref(row: Sequence[object]) -> OrderRef:
    return OrderRef.model_validate({"instance": row[0], "order_id": row[1]})
