from collections import Counter
from decimal import Decimal

import orjson
import pytest

from schemas.catalog import CATALOG
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1, CreditmemoTotals
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.totals import Totals
from schemas.money import in_base_currency
from schemas.stripe.event_v1 import StripeEventV1
from tests.contracts.examples import EXAMPLES, Example, generated, read, validator
from tests.contracts.mutations import value_at, with_value
from tests.contracts.paths import fields_in

every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
# Of Stripe's objects only what is read is kept.
OURS = [example for example in EXAMPLES if example.contract.model is not StripeEventV1]
PLACED = [example for example in EXAMPLES if example.contract.model is OrderPlacedV1]
MEMOS = [example for example in EXAMPLES if example.contract.model is CreditmemoCreatedV1]


def test_every_contract_has_two_examples_at_least() -> None:
    counted = Counter(example.contract.name for example in EXAMPLES)
    assert {name: counted[name] for name in CATALOG if counted[name] < 2} == {}


def test_no_two_examples_are_one_event() -> None:
    ids = Counter((example.document()["source"], example.document()["id"]) for example in EXAMPLES)
    assert [each for each, times in ids.items() if times > 1] == []


@every_example
def test_the_schema_takes_it(example: Example) -> None:
    assert [error.message for error in validator(example.contract).iter_errors(example.document())] == []


@every_example
def test_the_model_reads_it_and_writes_what_it_read(example: Example) -> None:
    event = read(example.contract, example.path.read_bytes())
    assert isinstance(event.data, example.contract.model)
    written = event.model_dump_json().encode()
    assert validator(example.contract).is_valid(orjson.loads(written))
    again = read(example.contract, written)
    assert again.model_dump_json().encode() == written
    if example.contract.model is not StripeEventV1:  # whose secrets are not written
        assert again == event


@pytest.mark.parametrize("example", OURS, ids=lambda example: example.name)
def test_nothing_of_it_is_lost(example: Example) -> None:
    event = read(example.contract, example.path.read_bytes())
    assert orjson.loads(event.model_dump_json(exclude_unset=True)) == example.document()


@every_example
def test_a_field_of_a_newer_producer_is_passed_over(example: Example) -> None:
    document = example.document()
    expected = read(example.contract, orjson.dumps(document))
    fields = fields_in(generated(example.contract), document)
    objects = [field.path for field in fields if field.is_object and value_at(document, field.path) is not None]
    changed = document
    for path in ((), *objects):
        changed = with_value(changed, (*path, "a_field_of_tomorrow"), {"nested": [1.5, None]})
    assert changed != document
    assert validator(example.contract).is_valid(changed)
    assert read(example.contract, orjson.dumps(changed)) == expected


@pytest.mark.parametrize("example", PLACED, ids=lambda example: example.name)
def test_an_orders_sums_are_right(example: Example) -> None:
    order = read(example.contract, example.path.read_bytes()).data
    assert isinstance(order, OrderPlacedV1)
    for totals in (order.totals, order.base_totals):
        assert totals.grand_total == _placed_sum(totals)
        assert totals.total_due == totals.grand_total
    assert sum(item.row_total for item in order.items) == order.totals.subtotal
    assert sum(item.base_row_total for item in order.items) == order.base_totals.subtotal
    assert all((item.price * item.qty_ordered).quantize(Decimal("0.0001")) == item.row_total for item in order.items)
    shipping_tax = order.totals.shipping_tax_amount or 0
    assert sum((item.tax_amount for item in order.items), Decimal(0)) + shipping_tax == order.totals.tax_amount
    assert -sum(item.discount_amount for item in order.items) == order.totals.discount_amount
    at_rate = in_base_currency(order.totals.grand_total, order.base_to_order_rate)
    assert abs(at_rate - order.base_totals.grand_total) <= Decimal("0.02")


def _placed_sum(totals: Totals) -> Decimal:
    paid_in_kind = (totals.store_credit or Decimal(0)) + (totals.gift_cards or Decimal(0))
    return totals.subtotal + totals.shipping_amount + totals.tax_amount + totals.discount_amount - paid_in_kind


@pytest.mark.parametrize("example", MEMOS, ids=lambda example: example.name)
def test_a_credit_memos_sums_are_right(example: Example) -> None:
    memo = read(example.contract, example.path.read_bytes()).data
    assert isinstance(memo, CreditmemoCreatedV1)
    for totals in (memo.totals, memo.base_totals):
        assert totals.grand_total == _memo_sum(totals)
    assert sum(item.row_total for item in memo.items) == memo.totals.subtotal


def _memo_sum(totals: CreditmemoTotals) -> Decimal:
    parts = totals.subtotal + totals.shipping_amount + totals.tax_amount + totals.discount_amount
    return parts + totals.adjustment_positive - totals.adjustment_negative - totals.store_credit


@every_example
def test_its_persons_are_made_up(example: Example) -> None:
    text = example.path.read_text()
    assert text.count("@") == text.count("@example.com")
    assert text.count("://") == text.count("://shop.example.com/") + text.count("://docs.stripe.com/")
