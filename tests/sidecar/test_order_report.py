"""What `sidecar order show` tells of what went back."""

from sidecar.errors import TransientError
from sidecar.order_report import report
from tests.consumers.builders import ORDER
from tests.consumers.refund_world import World


async def test_memos_and_refunds_are_shown_with_what_belongs_together() -> None:
    world = World()
    await world.order_placed()
    await world.creditmemo_created(world.magento.refund_in_magento(ORDER.order_id, {1: "1"}, shipping="0"))
    world.stripe.refund_in_dashboard(world.intent.id, 123)
    await world.hear_everything()
    world.magento.refund_in_magento(ORDER.order_id, {1: "1"}, shipping="0", offline=True)
    await world.hear_everything()
    world.stripe.disputed.add(world.intent.id)
    world.magento.refund_in_magento(ORDER.order_id, {}, shipping="0", adjustment="2.00")
    await world.hear_everything()
    shown = await report(ORDER, world.ports)
    assert [(memo.id, memo.total, memo.kind, memo.refused) for memo in shown.creditmemos] == [
        (1, "19.99 USD", "online", None),
        (2, "1.23 USD", "stripe", None),
        (3, "19.99 USD", "offline", None),
        (4, "2.00 USD", "online", "charge_disputed"),
    ]
    assert [(refund.amount, refund.status, refund.creditmemo) for refund in shown.refunds] == [
        ("19.99 USD", "succeeded", 1),
        ("1.23 USD", "succeeded", 2),
    ]
    assert shown.magento["total_refunded"] == "43.21 USD"
    assert shown.as_json()["refunds"]


async def test_a_refund_that_nobody_has_heard_of_is_shown_without_a_memo() -> None:
    world = World()
    await world.order_placed()
    world.stripe.refund_in_dashboard(world.intent.id, 123)
    (refund,) = (await report(ORDER, world.ports)).refunds
    assert (refund.amount, refund.creditmemo) == ("1.23 USD", None)


async def test_what_was_seen_last_is_shown_while_stripe_is_away() -> None:
    world = World()
    await world.order_placed()
    world.stripe.refund_in_dashboard(world.intent.id, 123)
    await world.hear_everything()
    for _ in range(2):
        world.stripe.fail_next(TransientError("stripe", "http_503"))
    shown = await report(ORDER, world.ports)
    assert [(refund.amount, refund.creditmemo) for refund in shown.refunds] == [("1.23 USD", 1)]
    assert shown.intents[0].status.startswith("unreachable")
