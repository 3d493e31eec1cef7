"""Money that goes back twice, or not at all."""

from collections.abc import Mapping

from consumers.order_payment.state import OrderPaymentState
from consumers.order_refunds import decide
from consumers.order_refunds.creditmemos import Links
from schemas.ids import MagentoCreditmemoId, RefundId
from sidecar.effects.effect import Effect
from sidecar.effects.refund_creditmemo import RefundCreditmemo
from tests.chaos.breakages.breakage import Breakage, put_everywhere, put_in_place


def loop_guard_off() -> None:
    """Nobody knows which refund is the money of which credit memo."""

    def links_of(state: OrderPaymentState) -> Mapping[RefundId, MagentoCreditmemoId]:
        del state
        return {}

    put_everywhere("consumers.order_refunds.links", "links_of", links_of)


def refund_key_of_amount() -> None:
    """A refund is known by payment and amount, so that equal parts are one."""

    def key(self: RefundCreditmemo) -> str:
        return self._key("creditmemo", f"{self.payment_intent}/{self.amount.minor_units}")

    put_in_place(RefundCreditmemo, "key", key)


def dashboard_ignored() -> None:
    """Magento is not told of refunds that somebody makes at Stripe."""

    def record_refunds(state: OrderPaymentState, links: Links) -> list[Effect]:
        del state, links
        return []

    put_in_place(decide, "record_refunds", record_refunds)


BREAKAGES = (
    Breakage(
        name="loop_guard_off",
        what="the links between refunds and credit memos are ignored",
        caught_by=frozenset(("refunded_twice", "refunds_differ")),
        backs=(("memo_one",), ("dashboard_part",)),
        break_it=loop_guard_off,
    ),
    Breakage(
        name="refund_key_of_amount",
        what="a refund's key does not name its credit memo: equal parts collapse",
        caught_by=frozenset(("memo_without_refund",)),
        backs=(("memo_one", "memo_one"),),
        break_it=refund_key_of_amount,
    ),
    Breakage(
        name="dashboard_ignored",
        what="refunds made at Stripe do not reach Magento",
        caught_by=frozenset(("refund_without_memo",)),
        backs=(("dashboard_part",), ("dashboard_all",)),
        break_it=dashboard_ignored,
    ),
)
