"""Orders that are charged wrongly, or stay open."""

from dataclasses import replace
from decimal import Decimal

from consumers.customer_sync import decide as customers
from consumers.customer_sync.state import CustomerState
from consumers.order_payment import decide, settle
from consumers.order_payment.state import OrderPaymentState
from schemas import money
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.money import Money
from schemas.stripe.payment_intent import PaymentIntent
from sidecar import stripe_metadata
from sidecar.customer_profile.profile import SHARED, SharedField
from sidecar.effects.effect import Effect
from sidecar.policy import Owner, StorePolicy
from sidecar.ports.records import CustomerLink, OrderRecord
from tests.chaos.breakages.breakage import Breakage, put_everywhere, put_in_place

WRONG_AMOUNT = frozenset(("wrong_amount", "wrong_amount_asked"))


def base_currency() -> None:
    """The amount of the books is charged, and not what the shopper agreed to."""
    before = settle.state_of

    def state_of(record: OrderRecord, placed: OrderPlacedV1, policy: StorePolicy) -> OrderPaymentState:
        state = before(record, placed, policy)
        books = placed.base_totals
        due = Money.from_decimal(books.total_due.quantize(Decimal("0.01")), books.currency)
        return replace(state, expected=due) if state.expected.minor_units else state

    put_everywhere("consumers.order_payment.settle", "state_of", state_of)


def exponent_ignored() -> None:
    """Every currency has two decimals."""

    def exponent(currency: str) -> int:
        del currency
        return 2

    put_in_place(money, "_exponent", exponent)


def no_order_in_the_metadata() -> None:
    """What is made at Stripe does not say for which order."""
    before = stripe_metadata.metadata_of

    def metadata_of(order: OrderPlacedV1) -> dict[str, str]:
        return {name: value for name, value in before(order).items() if name != stripe_metadata.ORDER_ID}

    put_everywhere("sidecar.stripe_metadata", "metadata_of", metadata_of)


def cancelled_keeps_money() -> None:
    """A payment that lands on a cancelled order is left where it is."""

    def paid_but_canceled(
        state: OrderPaymentState, payment: PaymentIntent, *, recorded: bool, held: list[Effect]
    ) -> list[Effect]:
        del state, payment, recorded, held
        return []

    put_in_place(decide, "_paid_but_canceled", paid_but_canceled)


def ways_left_open() -> None:
    """Intents and pages stay open when the order is paid or cancelled."""

    def close_ways(state: OrderPaymentState, keep: PaymentIntent | None) -> list[Effect]:
        del state, keep
        return []

    put_everywhere("consumers.order_payment.ways_to_pay", "close_ways", close_ways)


def ownership_ignored() -> None:
    """Either side may change everything."""

    def owners(state: CustomerState, magento: CustomerSnapshot, link: CustomerLink) -> dict[SharedField, Owner]:
        del state, magento, link
        return dict.fromkeys(SHARED, "newest")

    put_in_place(customers, "_owners", owners)


BREAKAGES = (
    Breakage(
        name="base_currency",
        what="the amount in base currency is charged",
        caught_by=WRONG_AMOUNT,
        kinds=("euro", "yen", "card"),
        break_it=base_currency,
    ),
    Breakage(
        name="exponent_ignored",
        what="every currency has two decimals",
        caught_by=WRONG_AMOUNT,
        kinds=("yen", "dinar", "card"),
        break_it=exponent_ignored,
    ),
    Breakage(
        name="no_order_in_the_metadata",
        what="objects at Stripe do not say which order they are for",
        caught_by=frozenset(("nobody_s_payment",)),
        break_it=no_order_in_the_metadata,
    ),
    Breakage(
        name="cancelled_keeps_money",
        what="a payment that lands on a cancelled order is left there",
        caught_by=frozenset(("money_of_a_cancelled_order_is_kept",)),
        kinds=("cancelled while it is paid",),
        faults=("magento_slow", "magento_500", "magento_503"),
        break_it=cancelled_keeps_money,
    ),
    Breakage(
        name="ways_left_open",
        what="other intents stay open when the order is paid or cancelled",
        caught_by=frozenset(("could_be_paid_again",)),
        kinds=("hosted page", "cancelled"),
        break_it=ways_left_open,
    ),
    Breakage(
        name="ownership_ignored",
        what="either side may change every field of a customer",
        caught_by=frozenset(("wrong_owner",)),
        kinds=("card of an account",),
        break_it=ownership_ignored,
    ),
)
