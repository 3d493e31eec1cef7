"""What will happen: drawn from a seed, and the same for the same seed. Pure."""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Literal, get_args

from tests.chaos.world import Expected

Act = Literal["nothing", "pay_page", "authenticate", "capture", "cancel", "cancel_when_offered"]
Place = Literal["shop", "stripe"]
Field = Literal["email", "name", "phone"]
Back = Literal["memo_all", "memo_one", "memo_offline", "dashboard_all", "dashboard_part"]

PLACES: tuple[Place, ...] = get_args(Place)
FIELDS: tuple[Field, ...] = get_args(Field)

CRASH_POINTS = (
    "after_observe",
    "after_begin",
    "after_effect",
    "after_close",
    "after_inbox",
    "before_settle",
    "after_settle",
)
"""Where `sidecar.crash_point` stands between effects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderKind:
    """A way through the shop.

    Attributes:
        weight: how often it is drawn.
        method: the PaymentMethod that the shopper leaves.
        act: what they, or the merchant, do then.
        account: whether the shopper has an account.
        rate: of the order's currency, from USD.
    """

    weight: int
    method: str | None
    act: Act = "nothing"
    expected: Expected = "paid"
    account: bool = False
    currency: str = "USD"
    rate: Decimal = Decimal(1)
    store: str = "default"


VISA = "pm_card_visa"
ORDERS: dict[str, OrderKind] = {
    "card": OrderKind(weight=38, method=VISA),
    "card of an account": OrderKind(weight=12, method=VISA, account=True),
    "euro": OrderKind(weight=5, method=VISA, currency="EUR", rate=Decimal("0.92")),
    "yen": OrderKind(weight=5, method=VISA, currency="JPY", rate=Decimal("150.25")),
    "dinar": OrderKind(weight=4, method=VISA, currency="KWD", rate=Decimal("0.307")),
    "declined, then the page": OrderKind(weight=6, method="pm_card_visa_chargeDeclined", act="pay_page"),
    "stolen card": OrderKind(weight=3, method="pm_card_visa_chargeDeclinedStolenCard", expected="failed"),
    "unknown method, then the page": OrderKind(weight=2, method="pm_1Unknown", act="pay_page"),
    "3-D Secure": OrderKind(weight=5, method="pm_card_threeDSecure2Required", act="authenticate"),
    "hosted page": OrderKind(weight=8, method=None, act="pay_page"),
    "never paid": OrderKind(weight=3, method=None, expected="unpaid"),
    "cancelled": OrderKind(weight=3, method=None, act="cancel_when_offered", expected="canceled"),
    "cancelled while it is paid": OrderKind(weight=4, method=VISA, act="cancel", expected="paid_or_canceled"),
    "refunds fail": OrderKind(weight=3, method="pm_card_refundFail"),
    "refunds wait": OrderKind(weight=2, method="pm_card_pendingRefund"),
    "captured later": OrderKind(weight=2, method=VISA, act="capture", store="wholesale"),
}

BACKS: tuple[tuple[Back, ...], ...] = (
    (),
    (),
    (),
    (),
    (),
    ("memo_all",),
    ("memo_one",),
    ("memo_one", "memo_one"),
    ("memo_offline",),
    ("dashboard_all",),
    ("dashboard_part",),
    ("memo_one", "dashboard_part"),
)
"""What goes back of an order once it is paid, all at the same time; two equal parts are two refunds."""

QTY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlan:
    """One order. Its price is like no other's, so that whoever mixes two up is seen."""

    number: int
    what: str
    kind: OrderKind
    price: Decimal
    shipping: Decimal
    account: int | None
    backs: tuple[Back, ...]


@dataclass(frozen=True, slots=True)
class EditPlan:
    """A change of an account, in the shop or in Stripe's dashboard, after so many orders."""

    after: int
    account: int
    where: Place
    field: Field
    value: str


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Something that goes wrong, so many seconds after the first order, for so long."""

    at: float
    kind: str
    seconds: float


@dataclass(frozen=True, slots=True)
class FaultKind:
    """Attributes:
    upstream: whom it concerns.
    seconds: how long at least and at most.
    weight: how often it is drawn, once every kind was.
    """

    upstream: Literal["broker", "store", "stripe", "magento", "webhooks", "process", "messages", "clock"]
    seconds: tuple[float, float] = (1, 4)
    weight: int = 3


FAULTS: dict[str, FaultKind] = {
    "broker_cut": FaultKind("broker"),
    "broker_delayed": FaultKind("broker", (2, 5)),
    "broker_black_hole": FaultKind("broker", (2, 8)),  # the sidecar waits 5 s for a confirm
    "broker_half_closed": FaultKind("broker"),
    "broker_killed": FaultKind("broker", (0, 1), 1),
    "store_cut": FaultKind("store"),
    "store_delayed": FaultKind("store", (2, 5)),
    "store_black_hole": FaultKind("store"),
    "store_half_closed": FaultKind("store"),
    "store_killed": FaultKind("store", (0, 1), 1),
    "stripe_cut": FaultKind("stripe"),
    "stripe_delayed": FaultKind("stripe", (2, 5)),
    "stripe_black_hole": FaultKind("stripe"),
    "stripe_half_closed": FaultKind("stripe"),
    "stripe_500": FaultKind("stripe"),
    "stripe_500_after_commit": FaultKind("stripe"),
    "stripe_429": FaultKind("stripe"),
    "stripe_timeout_after_commit": FaultKind("stripe", (3, 5)),
    "stripe_cut_in_the_answer": FaultKind("stripe"),
    "webhooks_lost": FaultKind("webhooks"),
    "webhooks_duplicated": FaultKind("webhooks"),
    "webhooks_reordered": FaultKind("webhooks"),
    "webhooks_late": FaultKind("webhooks"),
    "webhooks_cut": FaultKind("webhooks"),
    "webhooks_delayed": FaultKind("webhooks", (2, 5)),
    "webhooks_black_hole": FaultKind("webhooks"),
    "webhooks_half_closed": FaultKind("webhooks"),
    "magento_cut": FaultKind("magento"),
    "magento_delayed": FaultKind("magento", (2, 5)),
    "magento_black_hole": FaultKind("magento"),
    "magento_half_closed": FaultKind("magento"),
    "magento_500": FaultKind("magento"),
    "magento_500_after_commit": FaultKind("magento"),
    "magento_401": FaultKind("magento"),
    "magento_429": FaultKind("magento"),
    "magento_503": FaultKind("magento"),
    "magento_slow": FaultKind("magento"),
    "magento_cut_in_the_answer": FaultKind("magento"),
    "consumers_killed": FaultKind("process", (0, 0), 4),
    "consumers_stopped": FaultKind("process", (2, 6)),
    "bridge_killed": FaultKind("process", (0, 0)),
    "bridge_stopped": FaultKind("process", (2, 6)),
    "timers_killed": FaultKind("process", (0, 0), 1),
    **{f"crash_{point}": FaultKind("process", (0, 0), 2) for point in CRASH_POINTS},
    "poison": FaultKind("messages", (0, 0)),
    "a_day_passes": FaultKind("clock", (0, 0), 1),
}
"""Every kind is drawn once before any is drawn twice; a day passes once only, half-way."""

ONCE = "a_day_passes"


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it. `rate` is orders a second."""

    seed: int
    rate: float
    orders: tuple[OrderPlan, ...]
    edits: tuple[EditPlan, ...]
    faults: tuple[FaultPlan, ...]
    accounts: int


def plan_of(
    seed: int,
    number: int,
    *,
    rate: float,
    faults: Collection[str] = tuple(FAULTS),
    every: float = 3.0,
    kinds: Collection[str] = tuple(ORDERS),
    backs: Sequence[tuple[Back, ...]] = BACKS,
) -> Plan:
    """Draw a plan.

    Args:
        seed: the same gives the same.
        number: how many orders.
        rate: how many come a second.
        faults: which kinds of `FAULTS` may strike; none for a calm day.
        every: seconds between two faults, on average.
        kinds: which kinds of `ORDERS` are placed.
        backs: what may go back of an order that is paid.
    """
    chance = random.Random(seed)  # noqa: S311  # not a secret
    accounts = max(2, number // 40)
    orders = tuple(_order(n, chance, kinds, backs, accounts) for n in range(1, number + 1))
    edits = tuple(sorted(_edits(number, accounts, chance), key=lambda edit: edit.after))
    return Plan(seed, rate, orders, edits, tuple(_faults(number / rate, every, faults, chance)), accounts)


def _order(
    number: int, chance: random.Random, kinds: Collection[str], backs: Sequence[tuple[Back, ...]], accounts: int
) -> OrderPlan:
    names = [name for name in ORDERS if name in kinds]
    name = chance.choices(names, [ORDERS[each].weight for each in names])[0]
    kind = ORDERS[name]
    price, shipping = _PRICES[kind.currency](number)
    return OrderPlan(
        number=number,
        what=name,
        kind=kind,
        price=price,
        shipping=shipping,
        account=chance.randrange(accounts) if kind.account else None,
        backs=chance.choice(backs) if kind.expected == "paid" else (),
    )


_PRICES: dict[str, Callable[[int], tuple[Decimal, Decimal]]] = {
    "USD": lambda n: (Decimal(10) + Decimal(n) / 100, Decimal("5.00")),
    "EUR": lambda n: (Decimal(20) + Decimal(n) / 100, Decimal("4.90")),
    "JPY": lambda n: (Decimal(1000 + n), Decimal(500)),
    "KWD": lambda n: (Decimal(3) + Decimal(n) / 100, Decimal("1.500")),  # Stripe takes no single fils
}


def _edits(number: int, accounts: int, chance: random.Random) -> list[EditPlan]:
    edits = []
    for n in range(number // 10):
        where: Place = chance.choice(PLACES)
        field: Field = chance.choice(FIELDS)
        after = chance.randrange(1, number + 1)
        edits.append(EditPlan(after, chance.randrange(accounts), where, field, _VALUES[field](n)))
    drawn = {(edit.where, edit.field) for edit in edits}
    missing = [each for each in product(PLACES, FIELDS) if each not in drawn]
    for n, (where, field) in enumerate(missing, len(edits)):  # late, so that the account has a customer by then
        edits.append(EditPlan(number, n % accounts, where, field, _VALUES[field](n)))
    return edits


_VALUES: dict[Field, Callable[[int], str]] = {
    "email": lambda n: f"edited{n}@example.com",  # the shop's own: what Stripe is told of it is put back
    "name": lambda n: f"Ada {'ABCDEFGHIJ'[n % 10]}{n}",
    "phone": lambda n: f"555{n:07d}",
}


def _faults(length: float, every: float, kinds: Collection[str], chance: random.Random) -> list[FaultPlan]:
    names = [name for name in FAULTS if name in kinds and name != ONCE]
    planned = [FaultPlan(length / 2, ONCE, 0)] if ONCE in kinds else []
    if not names:
        return planned
    at = 1.0
    waiting: list[str] = []
    drawn_all = False
    while at < length:
        if not waiting and not drawn_all:
            waiting = chance.sample(names, len(names))
            drawn_all = True
        name = waiting.pop() if waiting else chance.choices(names, [FAULTS[each].weight for each in names])[0]
        low, high = FAULTS[name].seconds
        planned.append(FaultPlan(round(at, 2), name, round(chance.uniform(low, high), 2)))
        at += chance.uniform(0.5, 1.5) * every
    return sorted(planned, key=lambda fault: fault.at)
