"""In a world that is right the oracle finds nothing, and of one small damage it says what it is."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.oracle import RULES, judge
from tests.chaos.oracle.right_world import DEEDS, ENDING, heard
from tests.chaos.world import (
    Creditmemo,
    Customer,
    DeadLetter,
    Deeds,
    Ending,
    Invoice,
    PaymentIntent,
    Refund,
    RefundInMagento,
    StripeEvent,
    Transaction,
)

D = Decimal
Damage = Callable[[Ending], Ending]


def _id(row: Any) -> object:
    """The first field of a row, which is what it is known by."""
    return getattr(row, fields(row)[0].name)


def _with(ending: Ending, name: str, rows: Iterable[object]) -> Ending:
    given: dict[str, Any] = {name: tuple(rows)}
    return replace(ending, **given)


def change(name: str, which: object, /, **to: object) -> Damage:
    """Other values in one row."""

    def changed(row: Any) -> object:
        return replace(row, **to) if _id(row) == which else row

    return lambda ending: _with(ending, name, map(changed, getattr(ending, name)))


def drop(name: str, which: object) -> Damage:
    """Without the rows of this one."""
    return lambda ending: _with(ending, name, (row for row in getattr(ending, name) if _id(row) != which))


def add(name: str, *rows: object) -> Damage:
    """With more rows."""
    return lambda ending: _with(ending, name, (*getattr(ending, name), *rows))


def both(*damages: Damage) -> Damage:
    """One after the other."""

    def damage(ending: Ending) -> Ending:
        for each in damages:
            ending = each(ending)
        return ending

    return damage


def unheard(queue: str, source: str, event: str) -> Damage:
    """Without a line of the inbox."""
    return lambda ending: replace(ending, heard=ending.heard - {heard(queue, source, event)})


def linked(**links: int) -> Damage:
    """Other links in the store."""
    return lambda ending: replace(ending, refund_links={**ending.refund_links, **links})


def intent(name: str, number: int, status: str, amount: int = 2502, key: str = "another") -> PaymentIntent:
    received = amount if status == "succeeded" else 0
    return PaymentIntent(name, status, "USD", amount, received, {"magento_order_id": str(number), "sidecar_key": key})


AGAIN = {"magento_order_id": "1", "magento_creditmemo_id": "11", "sidecar_key": "another"}

DAMAGES: dict[str, tuple[Damage, set[str]]] = {
    # payment
    "a second payment": (add("intents", intent("pi_1b", 1, "succeeded")), {"paid_twice"}),
    "a payment that nobody made": (change("intents", "pi_6", status="succeeded", received=2512), {"paid_unasked"}),
    "a paid order without a payment": (
        change("intents", "pi_7", status="requires_payment_method", received=0),
        {"not_paid", "could_be_paid_again", "wrong_on_the_books"},
    ),
    "a cent too much": (change("intents", "pi_2", amount=2505, received=2505), {"wrong_amount", "wrong_amount_asked"}),
    "a cent too little captured": (change("intents", "pi_2", received=2503), {"wrong_amount"}),
    "another currency": (change("intents", "pi_2", currency="USD"), {"wrong_amount", "wrong_amount_asked"}),
    "another amount asked of who never paid": (change("intents", "pi_6", amount=2511), {"wrong_amount_asked"}),
    "a cancelled order that keeps its money": (drop("refunds", "re_5"), {"money_of_a_cancelled_order_is_kept"}),
    # booking
    "an order that is gone": (both(drop("orders", 6)), {"order_is_gone"}),
    "a payment that Magento has not": (
        both(drop("invoices", 2), drop("transactions", 2), change("orders", 2, last_transaction=None)),
        {"not_booked", "wrong_on_the_books"},
    ),
    "a paid order that waits": (change("orders", 2, state="pending_payment"), {"not_booked"}),
    "a second invoice": (add("invoices", Invoice(2, "JPY", D(2504), D("16.67"))), {"booked_twice"}),
    "a second capture": (add("transactions", Transaction(2, "capture", "pi_2")), {"booked_twice"}),
    "a capture of another payment": (
        change("transactions", 7, transaction="pi_1-capture"),
        {"wrong_on_the_books"},
    ),
    "an invoice in base currency": (change("invoices", 2, total=D("16.67"), currency="USD"), {"wrong_on_the_books"}),
    "a cent too little in the books": (change("orders", 2, base_paid=D("16.66")), {"wrong_on_the_books"}),
    "a total that nobody agreed to": (change("orders", 6, total=D("25.13")), {"wrong_on_the_books"}),
    "another amount in the ledger": (
        change("ledger", "magento:main/2:capture:pi_2", amount=D("25.04")),
        {"ledger_differs"},
    ),
    "a capture that the ledger forgot": (drop("ledger", "magento:main/2:capture:pi_2"), {"ledger_differs"}),
    "money on the books of who never paid": (change("orders", 6, paid=D("25.12")), {"booked_unpaid"}),
    "a memo of an order that was never paid": (
        add("creditmemos", Creditmemo(16, 6, 2, D("25.12"), D("25.12"))),
        {"booked_unpaid"},
    ),
    "a declined order that waits": (change("orders", 3, status="pending_payment"), {"wrong_end"}),
    "a cancelled order that waits": (change("orders", 4, state="pending_payment"), {"wrong_end"}),
    # closing
    "an open intent of a cancelled order": (
        change("intents", "pi_4", status="requires_payment_method"),
        {"could_be_paid_again"},
    ),
    "an open intent of a paid order": (
        add("intents", intent("pi_1b", 1, "requires_payment_method")),
        {"could_be_paid_again"},
    ),
    # giving back
    "a memo refunded twice": (
        add("refunds", Refund("re_11b", "pi_1", "USD", 1001, "succeeded", AGAIN)),
        {"refunded_twice", "links_differ", "refunds_differ"},
    ),
    "equal memos that share one refund": (
        both(drop("refunds", "re_12"), drop("magento_refunds", "re_12"), lambda e: _without_link(e, "re_12")),
        {"memo_without_refund", "refunds_differ"},
    ),
    "a refund over another amount": (
        both(change("refunds", "re_12", amount=1000), change("magento_refunds", "re_12", amount=D("10.00"))),
        {"memo_without_refund", "refunds_differ"},
    ),
    "a refund on two memos": (
        add("magento_refunds", RefundInMagento("re_11", 14, D("10.01"), "succeeded")),
        {"refunded_twice", "links_differ"},
    ),
    "a refund on another's memo": (
        both(
            change("magento_refunds", "re_dashboard", creditmemo_id=12),
            change("magento_refunds", "re_12", creditmemo_id=14),
            linked(re_dashboard=12, re_12=14),
        ),
        {"links_differ", "wrong_memo"},
    ),
    "a link that the store lost": (lambda e: _without_link(e, "re_dashboard"), {"links_differ"}),
    "a dashboard refund without memo": (
        both(
            drop("creditmemos", 14),
            drop("magento_refunds", "re_dashboard"),
            lambda e: _without_link(e, "re_dashboard"),
            change("orders", 1, refunded=D("20.02"), base_refunded=D("20.02")),
        ),
        {"refund_without_memo", "refunds_differ"},
    ),
    "a memo that a refund of ours came back as": (
        both(
            add("creditmemos", Creditmemo(16, 1, 2, D("0.49"), D("0.49"))),
            change("orders", 1, refunded=D("25.02"), base_refunded=D("25.02")),
        ),
        {"refunded_twice", "refunds_differ"},
    ),
    "an offline memo that money went back for": (
        add(
            "refunds",
            Refund("re_13", "pi_2", "JPY", 1002, "succeeded", {"magento_order_id": "2", "magento_creditmemo_id": "13"}),
        ),
        {"offline_memo_refunded", "refunds_differ"},
    ),
    "a memo that says refunded though its refund failed": (
        change("creditmemos", 15, state=2),
        {"wrong_memo", "refunds_differ"},
    ),
    "a memo that is still open": (change("creditmemos", 12, state=1), {"wrong_memo", "refunds_differ"}),
    "a refund that failed and Magento does not know": (
        change("magento_refunds", "re_15", status="succeeded"),
        {"refunds_differ"},
    ),
    "a failed refund that was made again": (
        both(
            add(
                "refunds",
                Refund(
                    "re_15b", "pi_7", "KWD", 3070, "succeeded", {"magento_order_id": "7", "magento_creditmemo_id": "15"}
                ),
            ),
            add("magento_refunds", RefundInMagento("re_15b", 15, D("3.070"), "succeeded")),
            linked(re_15b=15),
        ),
        {"refunded_twice", "refunds_differ"},
    ),
    "another total refunded": (change("orders", 1, refunded=D("24.52")), {"wrong_on_the_books"}),
    # identity
    "an intent that names no order": (
        add("intents", replace(intent("pi_x", 1, "canceled"), metadata={})),
        {"nobody_s_payment"},
    ),
    "a refund that names no order": (
        both(change("refunds", "re_5", metadata={"sidecar_key": "x"})),
        {"nobody_s_refund"},
    ),
    "a customer that is nobody": (add("customers", Customer("cus_x", None, None, None, {})), {"nobody_s_customer"}),
    "a key that made two things": (
        add("customers", Customer("cus_2", None, None, None, {"magento_order_id": "1", "sidecar_key": "guest-1"})),
        {"made_twice"},
    ),
    # ledger
    "an effect that was never closed": (
        change("ledger", "stripe:main/test:creditmemo:main/12", state="unknown"),
        {"left_open"},
    ),
    "an effect that the timeline leaves out": (
        lambda e: replace(e, told={**e.told, (1, "RefundCreditmemo"): 1}),
        {"not_told"},
    ),
    # messages
    "an event that was never published": (change("outbox", "shipped-1", published=False), {"a_message_is_lost"}),
    "an event of Magento's that nobody heard": (unheard("orders", "/magento/main", "placed-3"), {"a_message_is_lost"}),
    "an event of Stripe's that one of two heard": (
        unheard("refunds", "/stripe/main/test", "evt_2"),
        {"a_message_is_lost"},
    ),
    "a webhook that never came": (add("events", StripeEvent("evt_9", "charge.succeeded")), {"a_message_is_lost"}),
    "a message that still waits": (lambda e: replace(e, waiting={"orders": 1}), {"a_message_is_lost"}),
    "a poison that nobody kept": (lambda e: replace(e, dead_letters=()), {"a_message_is_lost"}),
    "a poison without a reason": (
        lambda e: replace(e, dead_letters=(DeadLetter("orders", "", "poison1-text"),)),
        {"parked_without_reason"},
    ),
    "a good message that was parked": (
        add("dead_letters", DeadLetter("orders", "bug", "an order")),
        {"parked_for_nothing"},
    ),
    # accounts
    "two customers of one account": (
        add("customers", Customer("cus_8", "b@example.com", "Ada B1", "5550000001", {"magento_customer_id": "7"})),
        {"made_twice"},
    ),
    "an account that Stripe does not know": (drop("customers", "cus_7"), {"customer_is_missing"}),
    "an account that is gone from the shop": (drop("accounts", 7), {"customer_is_missing"}),
    "a customer with another telephone number": (change("customers", "cus_7", phone="5550100"), {"customers_differ"}),
    "an address that Stripe changed": (
        both(change("customers", "cus_7", email="a@example.com"), change("accounts", 7, email="a@example.com")),
        {"wrong_owner"},
    ),
    "a name that nobody gave": (
        both(change("customers", "cus_7", name="Ada B"), change("accounts", 7, name="Ada B")),
        {"customer_made_up"},
    ),
}


def _without_link(ending: Ending, refund: str) -> Ending:
    return replace(ending, refund_links={name: memo for name, memo in ending.refund_links.items() if name != refund})


def test_nothing_is_wrong_in_a_world_that_is_right() -> None:
    assert judge(DEEDS, ENDING) == []


def test_nothing_is_wrong_where_nothing_was() -> None:
    assert judge(Deeds(), Ending()) == []


@pytest.mark.parametrize(("damage", "rules"), DAMAGES.values(), ids=DAMAGES)
def test_one_damage_is_called_by_its_name(damage: Damage, rules: set[str]) -> None:
    assert {each.rule for each in judge(DEEDS, damage(ENDING))} == rules


def test_whoever_cancels_too_late_has_a_paid_order() -> None:
    """The other honest end of a race between paying and cancelling."""
    paid = both(
        change("orders", 5, state="processing", paid=D("25.10"), base_paid=D("25.10"), last_transaction="pi_5-capture"),
        add("invoices", Invoice(5, "USD", D("25.10"), D("25.10"))),
        add("transactions", Transaction(5, "capture", "pi_5-capture")),
        add("ledger", replace(ENDING.ledger[0], key="5", order_id=5, amount=D("25.10"))),
        lambda e: replace(e, told={**e.told, (5, "RecordCapture"): 1}),
        drop("refunds", "re_5"),
    )
    assert judge(DEEDS, paid(ENDING)) == []


def test_a_failed_refund_of_the_dashboard_may_have_no_memo() -> None:
    gone = both(
        change("refunds", "re_dashboard", status="failed"),
        drop("magento_refunds", "re_dashboard"),
        drop("creditmemos", 14),
        lambda e: _without_link(e, "re_dashboard"),
        change("orders", 1, refunded=D("20.02"), base_refunded=D("20.02")),
    )
    assert judge(DEEDS, gone(ENDING)) == []


def test_every_name_that_a_rule_has_is_tested() -> None:
    named = {rule for _, rules in DAMAGES.values() for rule in rules}
    written = set[str]()
    for file in Path(__file__).parent.glob("*.py"):
        if not file.name.startswith(("test_", "right_")):
            strings = {
                node.value
                for node in ast.walk(ast.parse(file.read_text()))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
            written |= {each for each in strings if "_" in each and each in _rule_names(file)}
    assert written == named


def _rule_names(file: Path) -> set[str]:
    """What stands first in a `Violation(…)`, or is chosen for `rule`."""
    names = set[str]()
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.Call(func=ast.Name(id="Violation"), args=[ast.Constant(value=str(name)), *_]):
                names.add(name)
            case ast.Assign(
                targets=[ast.Name(id="rule")],
                value=ast.IfExp(body=ast.Constant(value=one), orelse=ast.Constant(value=two)),
            ):
                names |= {str(one), str(two)}
            case _:
                pass
    return names


def test_the_oracle_knows_nothing_of_the_product() -> None:
    folder = Path(__file__).parent
    for file in (*folder.glob("*.py"), folder.parent / "world.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            modules = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [each for each in modules if each.split(".")[0] in {"sidecar", "consumers", "schemas"}], file
            if not file.name.startswith("test_"):
                ours = [each for each in modules if each.startswith("tests.")]
                assert all(each.startswith(("tests.chaos.oracle", "tests.chaos.world")) for each in ours), file


def test_there_is_a_rule_in_each_file() -> None:
    others = {"__init__", "books", "violation", "right_world", "test_oracle"}
    files = {file.stem for file in Path(__file__).parent.glob("*.py")} - others
    assert {rule.__name__ for rule in RULES} == files
