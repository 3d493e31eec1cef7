"""Reading everything about an order in one statement, so that it is of one moment and costs one round trip."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Generic, TypeVar, cast

from pydantic import BaseModel

from schemas.ids import CustomerId, MagentoCreditmemoId, OrderRef, RefundId, StripeRef
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.adapters.store_sql.values import Row, moment_or_none, text, text_or_none
from sidecar.ports.records import EffectState, KnownCreditmemo, KnownRefund, OrderRecord

KEPT: Final = 128
"""Models of a kind: more than messages are in hand at once."""

M = TypeVar("M", bound=BaseModel)

# One shape for all: what it is, its name, its state, its JSON, and two times that only the order itself has.
LOAD = """
SELECT 'order', account, mode, snapshot, canceled_at, window_closed_at
  FROM orders WHERE instance = %(instance)s AND order_id = %(order_id)s
UNION ALL
SELECT 'customer', link.customer_id, NULL, CAST(link.number AS CHAR), link.gone_at, NULL
  FROM orders AS o JOIN customer_links AS link
    ON link.account = o.account AND link.mode = o.mode AND link.instance = o.instance
    AND link.website_code = o.website_code AND link.buyer = o.buyer
  WHERE o.instance = %(instance)s AND o.order_id = %(order_id)s
UNION ALL
SELECT 'intent', intent_id, status, view, NULL, NULL
  FROM payment_intents WHERE instance = %(instance)s AND order_id = %(order_id)s
UNION ALL
SELECT 'session', session_id, status, view, NULL, NULL
  FROM checkout_sessions WHERE instance = %(instance)s AND order_id = %(order_id)s
UNION ALL
SELECT 'effect', effect_key, state, result, NULL, NULL
  FROM effect_ledger WHERE instance = %(instance)s AND order_id = %(order_id)s
UNION ALL
SELECT 'creditmemo', NULL, refused_code, snapshot, NULL, NULL
  FROM creditmemos WHERE instance = %(instance)s AND order_id = %(order_id)s
UNION ALL
SELECT 'refund', NULL, dismissed, view, NULL, NULL
  FROM refunds WHERE instance = %(instance)s AND order_id = %(order_id)s
UNION ALL
SELECT 'refund_link', refund_id, CAST(creditmemo_id AS CHAR), NULL, NULL, NULL
  FROM refund_links WHERE instance = %(instance)s AND order_id = %(order_id)s
"""


class _Read(Generic[M]):
    """Models read out of JSON, of which the newest are kept: a message loads the same snapshot several times.

    They are frozen, so that whoever has one shares it.
    """

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._known: OrderedDict[str, M] = OrderedDict()

    def __call__(self, body: object) -> M:
        written = text(body)
        known = self._known.get(written)
        if known is None:
            known = self._known[written] = self._model.model_validate_json(written)
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        return known


_placed, _intent, _session = _Read(OrderPlacedV1), _Read(PaymentIntent), _Read(CheckoutSession)
_memo, _refund = _Read(CreditmemoCreatedV1), _Read(Refund)


def record_of(order: OrderRef, rows: Iterable[Row]) -> OrderRecord:
    """Put the rows of `LOAD` together."""
    placed: OrderPlacedV1 | None = None
    stripe: StripeRef | None = None
    canceled_at: datetime | None = None
    window_closed_at: datetime | None = None
    customer: CustomerId | None = None
    customer_number = 1
    intents: list[PaymentIntent] = []
    sessions: list[CheckoutSession] = []
    effects: dict[str, EffectState] = {}
    results: dict[str, str] = {}
    creditmemos: list[KnownCreditmemo] = []
    refunds: list[KnownRefund] = []
    links: dict[RefundId, MagentoCreditmemoId] = {}
    for what, name, state, body, first, second in rows:
        if what == "order":
            placed = None if body is None else _placed(body)
            stripe = None if name is None else StripeRef.model_validate({"account": name, "mode": state})
            canceled_at, window_closed_at = moment_or_none(first), moment_or_none(second)
        elif what == "customer":
            customer = None if first is not None else CustomerId(text(name))
            customer_number = int(text(body)) + (first is not None)
        elif what == "intent":
            intents.append(_intent(body))
        elif what == "session":
            sessions.append(_session(body))
        elif what == "creditmemo":
            creditmemos.append(KnownCreditmemo(_memo(body), text_or_none(state)))
        elif what == "refund":
            refunds.append(KnownRefund(_refund(body), text_or_none(state)))
        elif what == "refund_link":
            links[RefundId(text(name))] = MagentoCreditmemoId(int(text(state)))
        else:
            effects[text(name)] = cast("EffectState", text(state))
            if (result := text_or_none(body)) is not None:
                results[text(name)] = result
    return OrderRecord(
        order=order,
        placed=placed,
        stripe=stripe,
        canceled_at=canceled_at,
        window_closed_at=window_closed_at,
        customer=customer,
        customer_number=customer_number,
        intents=tuple(sorted(intents, key=lambda intent: (intent.created, intent.id))),
        sessions=tuple(sorted(sessions, key=lambda session: (session.expires_at, session.id))),
        effects=effects,
        results=results,
        creditmemos=tuple(sorted(creditmemos, key=lambda known: known.memo.creditmemo_id)),
        refunds=tuple(sorted(refunds, key=lambda known: (known.refund.created, known.refund.id))),
        refund_links=links,
    )
