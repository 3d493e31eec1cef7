"""What is known of customer accounts, in SQL."""

from collections.abc import Iterable, Sequence
from typing import Final, cast

from schemas.ids import CustomerId, CustomerRef, StripeRef
from schemas.magento.customer_deleted_v1 import CustomerDeletedV1
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.magento.store import Store
from sidecar.adapters.store_sql.customer_facts import DELETED, SAVED, snapshot_columns
from sidecar.adapters.store_sql.facts import statement_of
from sidecar.adapters.store_sql.pool import Pool, Session
from sidecar.adapters.store_sql.subjects import columns_of
from sidecar.adapters.store_sql.values import Params, Row, moment_or_none, text, to_column
from sidecar.customer_profile.profile import Agreement, Profile
from sidecar.ports.facts import Fact
from sidecar.ports.records import CustomerLink, CustomerRecord, EffectState

_FORGET = """
UPDATE customer_links SET agreed = NULL, seen = NULL WHERE instance = %(instance)s AND buyer = %(buyer)s
"""
_LINK: Final = (
    "'link', account, mode, instance, website_code, buyer,"
    " customer_id, number, gone_at, agreed, revision, seen, seen_at"
)
# One shape for all: the account and its effects lie in columns of the links that are of the same type.
_LOAD = f"""
SELECT {_LINK} FROM customer_links WHERE instance = %(instance)s AND buyer = %(buyer)s
UNION ALL
SELECT 'customer', NULL, NULL, NULL, NULL, NULL, NULL, certain, deleted_at, store, NULL, snapshot, NULL
  FROM customers WHERE instance = %(instance)s AND customer_id = %(customer_id)s
UNION ALL
SELECT 'effect', NULL, state, NULL, NULL, NULL, effect_key, NULL, NULL, NULL, NULL, NULL, NULL
  FROM effect_ledger WHERE subject = %(subject)s AND state <> 'done'
"""  # noqa: S608  # built from the constants above
_LINKS_OF = f"""
SELECT {_LINK} FROM customer_links
WHERE account = %(account)s AND mode = %(mode)s AND customer_id = %(customer_id)s
"""  # noqa: S608  # built from the constants above


class SqlCustomers:
    """`sidecar.ports.store.Customers` on MySQL or MariaDB. Every method sends one statement, or says otherwise."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def record_saved(self, snapshot: CustomerSnapshot) -> None:
        """Keep the snapshot, unless a newer one is known or the account is deleted."""
        await self._pool.execute(SAVED, snapshot_columns(snapshot))

    async def record_deleted(self, event: CustomerDeletedV1) -> None:
        """Two statements between `BEGIN` and `COMMIT`: the account, and what its links say of the person."""
        at = to_column(event.deleted_at)
        known: Params = {
            "instance": event.instance,
            "number": event.customer_id,
            "store": event.store.model_dump_json(),
        }

        async def body(session: Session) -> None:
            session.put_off(DELETED, {**known, "at": at})
            session.put_off(_FORGET, {"instance": event.instance, "buyer": _buyer(event.ref)})

        await self._pool.transaction(body)

    async def record_facts(self, facts: Sequence[Fact]) -> None:
        """One statement for one fact; for more, one each between `BEGIN` and `COMMIT`."""
        if len(facts) == 1:
            await self._pool.execute(*statement_of(facts[0]))
            return

        async def body(session: Session) -> None:
            for fact in facts:
                session.put_off(*statement_of(fact))

        if facts:
            await self._pool.transaction(body)

    async def load(self, customer: CustomerRef) -> CustomerRecord:
        """Everything about the account, read at one moment by one statement."""
        keys: Params = {"customer_id": customer.customer_id, "buyer": _buyer(customer)}
        return _record(customer, await self._pool.rows(_LOAD, {**columns_of(customer), **keys}))

    async def links_of(self, stripe: StripeRef, customer: CustomerId) -> tuple[CustomerLink, ...]:
        """Everybody whom a Stripe Customer stands for."""
        keys = {"account": stripe.account, "mode": stripe.mode, "customer_id": customer}
        return tuple(sorted(map(_link, await self._pool.rows(_LINKS_OF, keys)), key=lambda link: link.buyer))


def _buyer(customer: CustomerRef) -> str:
    return f"customer/{customer.customer_id}"


def _record(customer: CustomerRef, rows: Iterable[Row]) -> CustomerRecord:
    snapshot: CustomerSnapshot | None = None
    store: Store | None = None
    deleted_at, certain = None, True
    links: list[CustomerLink] = []
    effects: dict[str, EffectState] = {}
    for row in rows:
        if row[0] == "link":
            links.append(_link(row))
        elif row[0] == "customer":
            certain, deleted_at = _number(row[7]) == 1, moment_or_none(row[8])
            store = None if row[9] is None else Store.model_validate_json(text(row[9]))
            snapshot = None if row[11] is None else CustomerSnapshot.model_validate_json(text(row[11]))
        else:
            effects[text(row[6])] = cast("EffectState", text(row[2]))
    return CustomerRecord(
        customer=customer,
        magento=snapshot,
        certain=certain,
        store=store,
        deleted_at=deleted_at,
        links=tuple(sorted(links, key=lambda link: (str(link.stripe), link.website_code))),
        open_effects=effects,
    )


def _link(row: Row) -> CustomerLink:
    _, account, mode, instance, website_code, buyer, customer, number, gone_at, agreed, revision, seen, seen_at = row
    return CustomerLink(
        stripe=StripeRef.model_validate({"account": account, "mode": mode}),
        instance=text(instance),
        website_code=text(website_code),
        buyer=text(buyer),
        customer=CustomerId(text(customer)),
        number=_number(number),
        gone_at=moment_or_none(gone_at),
        agreed=None if agreed is None else Agreement.model_validate_json(text(agreed)),
        revision=_number(revision),
        seen=None if seen is None else Profile.model_validate_json(text(seen)),
        seen_at=moment_or_none(seen_at),
    )


def _number(value: object) -> int:
    """An integer out of a `UNION`, whose columns MariaDB widens to `DECIMAL` where their integers differ in type."""
    return int(str(value))
