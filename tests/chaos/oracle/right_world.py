"""A small world in which everything is right, written by hand: orders of every kind, refunds, an account, a poison."""

import hashlib
from decimal import Decimal

from tests.chaos.world import (
    AccountDeed,
    Creditmemo,
    CreditmemoDeed,
    Customer,
    DeadLetter,
    Deeds,
    Ending,
    Invoice,
    LedgerRow,
    MagentoAccount,
    MagentoOrder,
    OrderDeed,
    OutboxEvent,
    PaymentIntent,
    PoisonDeed,
    Refund,
    RefundDeed,
    RefundInMagento,
    StripeEvent,
    Transaction,
)

D = Decimal
ZERO = D(0)


def heard(queue: str, source: str, event: str) -> tuple[str, str]:
    """A line of the inbox."""
    return queue, hashlib.sha256(source.encode() + b"\0" + event.encode()).hexdigest()[:32]


DEEDS = Deeds(
    orders=(
        OrderDeed(1, "USD", D("25.02"), "USD", D("25.02"), "paid", "#1 card"),
        OrderDeed(2, "JPY", D(2504), "USD", D("16.67"), "paid", "#2 yen"),
        OrderDeed(3, "USD", D("25.06"), "USD", D("25.06"), "failed", "#3 stolen card"),
        OrderDeed(4, "USD", D("25.08"), "USD", D("25.08"), "canceled", "#4 cancelled"),
        OrderDeed(5, "USD", D("25.10"), "USD", D("25.10"), "paid_or_canceled", "#5 cancelled while it is paid"),
        OrderDeed(6, "USD", D("25.12"), "USD", D("25.12"), "unpaid", "#6 never paid"),
        OrderDeed(7, "KWD", D("7.640"), "USD", D("24.89"), "paid", "#7 refunds fail"),
    ),
    creditmemos=(
        CreditmemoDeed(1, 11, D("10.01"), offline=False),
        CreditmemoDeed(1, 12, D("10.01"), offline=False),
        CreditmemoDeed(2, 13, D(1002), offline=True),
        CreditmemoDeed(7, 15, D("3.070"), offline=False),
    ),
    refunds=(RefundDeed(1, "re_dashboard", 451),),
    accounts=(
        AccountDeed(
            7, ("a@example.com", "b@example.com"), frozenset(("Ada N", "Ada B1")), frozenset(("5550100", "5550000001"))
        ),
    ),
    poison=(PoisonDeed("orders", "poison1-text"),),
)


def _order(
    number: int, state: str, status: str, *, paid: bool, refunded: str = "0", base_refunded: str = ""
) -> MagentoOrder:
    deed = DEEDS.orders[number - 1]
    return MagentoOrder(
        order_id=number,
        state=state,
        status=status,
        currency=deed.currency,
        base_currency="USD",
        total=deed.total,
        base_total=deed.base_total,
        paid=deed.total if paid else ZERO,
        base_paid=deed.base_total if paid else ZERO,
        refunded=D(refunded),
        base_refunded=D(base_refunded or refunded),
        last_transaction=f"pi_{number}-capture" if paid else None,
    )


def _intent(number: int, status: str, currency: str, amount: int) -> PaymentIntent:
    received = amount if status == "succeeded" else 0
    mark = {"magento_order_id": str(number), "sidecar_key": f"stripe:main/test:payment_intent:main/{number}/1"}
    return PaymentIntent(f"pi_{number}", status, currency, amount, received, mark)


def _refund(name: str, number: int, amount: int, status: str = "succeeded", memo: int | None = None) -> Refund:
    currency = DEEDS.orders[number - 1].currency
    mark = {"magento_order_id": str(number), "sidecar_key": f"stripe:main/test:creditmemo:main/{memo or name}"}
    if memo is not None:
        mark["magento_creditmemo_id"] = str(memo)
    return Refund(name, f"pi_{number}", currency, amount, status, mark)


ENDING = Ending(
    orders=(
        _order(1, "processing", "processing", paid=True, refunded="24.53"),
        _order(2, "processing", "processing", paid=True, refunded="1002", base_refunded="6.67"),
        _order(3, "pending_payment", "payment_failed", paid=False),
        _order(4, "canceled", "canceled", paid=False),
        _order(5, "canceled", "canceled", paid=False),
        _order(6, "pending_payment", "pending_payment", paid=False),
        _order(7, "processing", "processing", paid=True, refunded="3.070", base_refunded="10.00"),
    ),
    invoices=(
        Invoice(1, "USD", D("25.02"), D("25.02")),
        Invoice(2, "JPY", D(2504), D("16.67")),
        Invoice(7, "KWD", D("7.640"), D("24.89")),
    ),
    transactions=(
        Transaction(1, "capture", "pi_1-capture"),
        Transaction(1, "refund", "re_dashboard"),
        Transaction(2, "authorization", "pi_2"),
        Transaction(2, "capture", "pi_2-capture"),
        Transaction(7, "capture", "pi_7-capture"),
    ),
    creditmemos=(
        Creditmemo(11, 1, 2, D("10.01"), D("10.01")),
        Creditmemo(12, 1, 2, D("10.01"), D("10.01")),
        Creditmemo(13, 2, 2, D(1002), D("6.67")),
        Creditmemo(14, 1, 2, D("4.51"), D("4.51")),
        Creditmemo(15, 7, 1, D("3.070"), D("10.00")),
    ),
    magento_refunds=(
        RefundInMagento("re_11", 11, D("10.01"), "succeeded"),
        RefundInMagento("re_12", 12, D("10.01"), "succeeded"),
        RefundInMagento("re_dashboard", 14, D("4.51"), "succeeded"),
        RefundInMagento("re_15", 15, D("3.070"), "failed"),
    ),
    outbox=(
        *(OutboxEvent(f"placed-{number}", "magento.order.placed.v1", published=True) for number in range(1, 8)),
        OutboxEvent("canceled-4", "magento.order.canceled.v1", published=True),
        OutboxEvent("memo-11", "magento.creditmemo.created.v1", published=True),
        OutboxEvent("saved-7", "magento.customer.saved.v1", published=True),
        OutboxEvent("shipped-1", "magento.shipment.created.v1", published=True),
    ),
    accounts=(MagentoAccount(7, "b@example.com", "Ada B1", "5550000001"),),
    intents=(
        _intent(1, "succeeded", "USD", 2502),
        _intent(2, "succeeded", "JPY", 2504),
        _intent(3, "requires_payment_method", "USD", 2506),
        _intent(4, "canceled", "USD", 2508),
        _intent(5, "succeeded", "USD", 2510),
        _intent(6, "requires_payment_method", "USD", 2512),
        _intent(7, "succeeded", "KWD", 7640),
    ),
    refunds=(
        _refund("re_11", 1, 1001, memo=11),
        _refund("re_12", 1, 1001, memo=12),
        Refund("re_dashboard", "pi_1", "USD", 451, "succeeded", {}),
        _refund("re_5", 5, 2510),
        _refund("re_15", 7, 3070, "failed", memo=15),
    ),
    customers=(
        Customer("cus_7", "b@example.com", "Ada B1", "5550000001", {"magento_customer_id": "7", "sidecar_key": "7"}),
        Customer("cus_1", "guest1@example.com", "Guest", None, {"magento_order_id": "1", "sidecar_key": "guest-1"}),
    ),
    events=(
        StripeEvent("evt_1", "payment_intent.succeeded"),
        StripeEvent("evt_2", "refund.created"),
        StripeEvent("evt_3", "customer.updated"),
    ),
    ledger=(
        LedgerRow("magento:main/1:capture:pi_1", "RecordCapture", 1, "done", D("25.02")),
        LedgerRow("magento:main/2:capture:pi_2", "RecordCapture", 2, "done", D(2504)),
        LedgerRow("magento:main/7:capture:pi_7", "RecordCapture", 7, "done", D("7.640")),
        LedgerRow("stripe:main/test:creditmemo:main/11", "RefundCreditmemo", 1, "done"),
        LedgerRow("stripe:main/test:creditmemo:main/12", "RefundCreditmemo", 1, "done"),
        LedgerRow("stripe:main/test:customer:main/customer/7", "CreateCustomer", 0, "done"),
    ),
    refund_links={"re_11": 11, "re_12": 12, "re_dashboard": 14, "re_15": 15},
    heard=frozenset(
        (
            *(heard("orders", "/magento/main", f"placed-{number}") for number in range(1, 8)),
            heard("orders", "/magento/main", "canceled-4"),
            heard("creditmemos", "/magento/main", "memo-11"),
            heard("customers", "/magento/main", "saved-7"),
            *(heard("stripe-events", "/stripe/main/test", f"evt_{number}") for number in (1, 2, 3)),
            heard("refunds", "/stripe/main/test", "evt_2"),
            heard("customers", "/stripe/main/test", "evt_3"),
        )
    ),
    told={
        (1, "RecordCapture"): 1,
        (2, "RecordCapture"): 1,
        (7, "RecordCapture"): 1,
        (1, "RefundCreditmemo"): 2,
        (1, "CreateCustomer"): 1,
    },
    waiting={"orders": 0, "stripe-events": 0},
    dead_letters=(DeadLetter("orders", "not_json", "not JSON, poison1-text"),),
)
