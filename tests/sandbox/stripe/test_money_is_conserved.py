"""Whatever sequence of requests comes: does the money add up, and does the status stay legal?"""

import asyncio
from typing import Any, cast

import stripe
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from typing_extensions import override

from sidecar.sandbox.stripe.objects import IntentStatus
from tests.sandbox.stripe.sdk import RETURN_URL, new_sandbox, sdk

CARDS = st.sampled_from(
    "pm_card_visa pm_card_visa_chargeDeclined pm_card_threeDSecure2Required pm_card_pendingRefund pm_card_refundFail "
    "pm_card_threeDSecureRequiredChargeDeclined pm_card_createIssuerFraudRecord".split(" ")
)
NEXT: dict[IntentStatus, set[IntentStatus]] = {
    "requires_payment_method": {
        "requires_confirmation", "requires_action", "requires_capture", "succeeded", "canceled",
    },
    "requires_confirmation": {
        "requires_payment_method", "requires_action", "requires_capture", "succeeded", "canceled",
    },
    "requires_action": {
        "requires_payment_method", "requires_confirmation", "requires_capture", "succeeded", "canceled",
    },
    "processing": {"succeeded", "requires_payment_method"},
    "requires_capture": {"succeeded", "canceled"},
    "succeeded": set(),
    "canceled": set(),
}  # fmt: skip


class Money(RuleBasedStateMachine):
    """A merchant, a shopper, a bank and the time, each doing anything at any moment."""

    intents = Bundle("intents")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.sandbox = new_sandbox()
        self.client = sdk(self.sandbox)
        self.account = self.sandbox.accounts["main"]
        self.seen: dict[str, IntentStatus] = {}

    def ask(self, service: str, method: str, *arguments: object) -> Any:  # an SDK object, or None
        """Ask the API; a refusal is an answer too, a broken stand-in is not."""
        try:
            return self.runner.run(getattr(getattr(self.client.v1, service), f"{method}_async")(*arguments))
        except (stripe.CardError, stripe.InvalidRequestError):
            return None

    @rule(target=intents, amount=st.integers(50, 5000), manual=st.booleans())
    def create(self, amount: int, manual: bool) -> str:  # noqa: FBT001  # Hypothesis passes by name
        made = self.ask(
            "payment_intents",
            "create",
            {"amount": amount, "currency": "usd", "capture_method": "manual" if manual else "automatic"},
        )
        return cast("str", made.id)

    @rule(intent=intents, card=CARDS)
    def confirm(self, intent: str, card: str) -> None:
        self.ask("payment_intents", "confirm", intent, {"payment_method": card, "return_url": RETURN_URL})

    @rule(intent=intents, amount=st.none() | st.integers(1, 6000))
    def capture(self, intent: str, amount: int | None) -> None:
        self.ask("payment_intents", "capture", intent, {} if amount is None else {"amount_to_capture": amount})

    @rule(intent=intents)
    def cancel(self, intent: str) -> None:
        self.ask("payment_intents", "cancel", intent)

    @rule(intent=intents, amount=st.none() | st.integers(1, 6000))
    def refund(self, intent: str, amount: int | None) -> None:
        self.ask("refunds", "create", {"payment_intent": intent} | ({} if amount is None else {"amount": amount}))

    @rule(intent=intents, amount=st.integers(50, 5000))
    def change_amount(self, intent: str, amount: int) -> None:
        self.ask("payment_intents", "update", intent, {"amount": amount})

    @rule(intent=intents, passed=st.booleans())
    def authenticate(self, intent: str, passed: bool) -> None:  # noqa: FBT001  # Hypothesis passes by name
        from sidecar.sandbox.stripe.confirmation import authenticate  # noqa: PLC0415  # the shopper, not the API

        authenticate(self.account, self.account.payment_intents.get(intent), passed=passed)

    @rule(hours=st.sampled_from([0.01, 1, 100]))
    def wait(self, hours: float) -> None:
        self.sandbox.advance(hours * 3600)

    @invariant()
    def statuses_are_legal(self) -> None:
        for intent in self.account.payment_intents:
            before = self.seen.get(intent.id, "requires_payment_method")
            reachable = {before} | NEXT[before] | {after for step in NEXT[before] for after in NEXT[step]}
            assert intent.status in reachable, (before, intent.status)
            if before in {"succeeded", "canceled"}:
                assert intent.status == before
            self.seen[intent.id] = intent.status

    @invariant()
    def money_adds_up(self) -> None:
        for intent in self.account.payment_intents:
            charges = self.account.charges.members("payment_intent", intent.id)
            refunds = self.account.refunds.members("payment_intent", intent.id)
            paid = [charge for charge in charges if charge.status == "succeeded"]
            assert len(paid) <= 1
            assert intent.amount_received == sum(charge.amount_captured for charge in paid)
            assert (intent.amount_received > 0) == (intent.status == "succeeded")
            assert (intent.amount_capturable > 0) == (intent.status == "requires_capture")
            assert 0 <= intent.amount_received <= intent.amount
            for charge in charges:
                given_back = sum(
                    refund.amount for refund in refunds if refund.charge == charge.id and refund.status != "failed"
                )
                expired = charge.amount_released if intent.cancellation_reason == "automatic" else 0
                assert charge.amount_refunded == given_back + expired
                assert 0 <= charge.amount_refunded <= charge.amount
                real = sum(
                    r.amount for r in refunds if r.charge == charge.id and r.status != "failed" and not r.release
                )
                assert real <= charge.amount_captured

    @invariant()
    def the_ledger_agrees(self) -> None:
        booked = sum(line.amount for line in self.account.balance_transactions)
        received = sum(intent.amount_received for intent in self.account.payment_intents)
        given_back = sum(
            refund.amount for refund in self.account.refunds if refund.status != "failed" and not refund.release
        )
        assert booked == received - given_back

    @override
    def teardown(self) -> None:
        self.runner.close()


TestMoney = Money.TestCase
TestMoney.settings = settings(
    max_examples=80, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
