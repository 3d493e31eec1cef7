"""A Stripe account in memory, for tests whose question is not Stripe. It passes the adapters' conformance suite.

It answers as the adapter does; what the shopper, the bank and the network do is done by calling it.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar

import orjson
from pydantic import SecretStr

from schemas.contract import Frozen
from schemas.ids import (
    ChargeId,
    CheckoutSessionId,
    CustomerId,
    EventId,
    Mode,
    PaymentIntentId,
    PaymentMethodId,
    RefundId,
    StripeRef,
)
from schemas.money import Money
from schemas.stripe.charge import CardDetails, Charge, Outcome, PaymentMethodDetails
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.customer import Customer, CustomerShipping
from schemas.stripe.payment_intent import NextAction, PaymentError, PaymentIntent, RedirectToUrl
from schemas.stripe.refund import Refund
from schemas.stripe.tax_id import TaxId
from sidecar.customer_profile.addresses import stripe_address
from sidecar.customer_profile.profile import Changes, TaxNumber
from sidecar.errors import NotFoundError, RefusedError, UpstreamError
from sidecar.ports.payments import (
    Attempt,
    IdempotencyKey,
    Metadata,
    NewCheckoutSession,
    NewCustomer,
    NewPaymentIntent,
    NewRefund,
    RawEvent,
    WebhookEndpoint,
)

Result = TypeVar("Result", bound=Frozen)
Stored = TypeVar("Stored")

CANCELABLE = frozenset(("requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"))
KEY_LIFE = timedelta(hours=24)
SESSION_LIFE = timedelta(minutes=30), timedelta(hours=24)
SEARCHABLE_AFTER = timedelta(hours=1)


def a_decline(
    decline_code: str = "generic_decline", code: str = "card_declined", advice_code: str | None = "try_again_later"
) -> PaymentError:
    """Why a card was declined."""
    return PaymentError(
        type="card_error",
        code=code,
        decline_code=decline_code,
        advice_code=advice_code,
        message="Your card was declined.",
    )


AUTHENTICATION_REQUIRED = a_decline("authentication_required", "authentication_required", None)


@dataclass(frozen=True)
class Call:
    """One call that came in, the failed ones included."""

    method: str
    key: IdempotencyKey | None


@dataclass(frozen=True)
class _Failure:
    error: UpstreamError
    when: Literal["before", "after"]
    method: str | None


@dataclass(frozen=True)
class _Kept:
    """What was done under an idempotency key."""

    request: Frozen | str
    answer: Frozen
    at: datetime


class FakePayments:
    """The port `Payments`.

    Attributes:
        unknown: PaymentMethods that are not there.
        declines: PaymentMethods that are declined when confirmed, and why.
        authenticate: PaymentMethods that need the shopper: `requires_action`, or a decline while they are away.
        processing: PaymentMethods whose money takes days: `processing`.
        refunds_wait: whether a refund is `pending` until the bank has answered.
        disputed: intents whose money the shopper's bank has taken back: nothing of it can be refunded.
        calls: every call, in order.
        webhook_endpoints: what `list_webhook_endpoints` answers.
        mode_of_key: what `key_mode` answers; by default the account's mode.
    """

    def __init__(self, ref: StripeRef, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._ref = ref
        self._now = now
        self.unknown: set[str] = {"pm_unknown"}
        self.declines: dict[str, PaymentError] = {
            "pm_card_visa_chargeDeclined": a_decline(),
            "pm_card_visa_chargeDeclinedInsufficientFunds": a_decline("insufficient_funds"),
            "pm_card_visa_chargeDeclinedStolenCard": a_decline("stolen_card", advice_code="do_not_try_again"),
            "pm_card_chargeDeclinedExpiredCard": a_decline("expired_card", "expired_card", "do_not_try_again"),
        }
        self.authenticate: set[str] = {"pm_card_authenticationRequired", "pm_card_threeDSecureRequired"}
        self.processing: set[str] = {"pm_usBankAccount_processing", "pm_usBankAccount_success"}
        self.refunds_wait = False
        self.disputed: set[str] = set()
        self._slow: set[str] = set()
        self.calls: list[Call] = []
        self.webhook_endpoints: tuple[WebhookEndpoint, ...] = ()
        self.mode_of_key: Mode = ref.mode
        self._number = 0
        self._customers: dict[str, Customer] = {}
        self._tax_ids: dict[str, tuple[CustomerId, TaxId]] = {}
        self._saved: dict[PaymentMethodId, CustomerId] = {}
        self._intents: dict[str, PaymentIntent] = {}
        self._charges: dict[str, Charge] = {}
        self._sessions: dict[str, tuple[CheckoutSession, NewCheckoutSession, datetime]] = {}
        self._refunds: dict[str, Refund] = {}
        self._events: list[RawEvent] = []
        self._kept: dict[IdempotencyKey, _Kept] = {}
        self._failures: list[_Failure] = []

    @property
    def ref(self) -> StripeRef:
        return self._ref

    # What a test looks at.

    @property
    def customers(self) -> tuple[Customer, ...]:
        """In the order of their creation, as all of these."""
        return tuple(self._customers.values())

    @property
    def tax_numbers(self) -> dict[CustomerId, list[str]]:
        """Of each customer that has any."""
        found: dict[CustomerId, list[str]] = {}
        for customer, tax_id in self._tax_ids.values():
            found.setdefault(customer, []).append(tax_id.value)
        return found

    @property
    def intents(self) -> tuple[PaymentIntent, ...]:
        return tuple(self._expanded(intent) for intent in self._intents.values())

    @property
    def sessions(self) -> tuple[CheckoutSession, ...]:
        return tuple(session for session, _, _ in self._sessions.values())

    @property
    def charges(self) -> tuple[Charge, ...]:
        return tuple(self._charges.values())

    @property
    def refunds(self) -> tuple[Refund, ...]:
        return tuple(self._refunds.values())

    @property
    def events(self) -> tuple[RawEvent, ...]:
        return tuple(self._events)

    # What a test lets happen.

    def fail_next(
        self, error: UpstreamError, *, when: Literal["before", "after"] = "before", method: str | None = None
    ) -> None:
        """Let the next call (of this method) raise: before it does anything, or after it has done it."""
        self._failures.append(_Failure(error, when, method))

    def fail_no_more(self) -> None:
        """Let what was to fail go well."""
        self._failures.clear()

    def forget_keys(self) -> None:
        """Let every idempotency key be forgotten, as Stripe does after a day."""
        self._kept.clear()

    def succeed(self, intent: PaymentIntentId) -> PaymentIntent:
        """The shopper pays or authenticates, or the bank's money arrives."""
        return self._settle(intent, self._charge)

    def decline(self, intent: PaymentIntentId, error: PaymentError | None = None) -> PaymentIntent:
        """The shopper tries and is declined, or does not authenticate, or the bank has no money."""
        return self._settle(intent, lambda pending: self._decline(pending, error or a_decline()))

    def process(self, intent: PaymentIntentId) -> PaymentIntent:
        """The shopper pays with a bank debit."""
        return self._put(self._intents[intent], "payment_intent.processing", status="processing", next_action=None)

    def require_action(self, intent: PaymentIntentId) -> PaymentIntent:
        """The shopper tries with a card that wants authentication."""
        return self._require_action(self._intents[intent])

    def capture(self, intent: PaymentIntentId) -> PaymentIntent:
        """The merchant captures in the Dashboard."""
        found = self._intents[intent]
        charge = self._charges[str(found.charge_id)]
        self._charges[charge.id] = charge.model_copy(update={"captured": True, "amount_captured": found.amount})
        self._emit("charge.captured", self._charges[charge.id])
        return self._put(
            found, "payment_intent.succeeded", status="succeeded", amount_capturable=0, amount_received=found.amount
        )

    def cancel(self, intent: PaymentIntentId, reason: str = "automatic") -> PaymentIntent:
        """The authorisation runs out, or the merchant cancels in the Dashboard."""
        return self._cancel(self._intents[intent], reason)

    def refund_in_dashboard(self, intent: PaymentIntentId, amount: int, metadata: Metadata | None = None) -> Refund:
        """The merchant gives money back in the Dashboard, or another tool does."""
        found = self._intents[intent]
        currency = found.currency.upper()
        new = NewRefund(
            payment_intent=intent, amount=Money(minor_units=amount, currency=currency), metadata=metadata or {}
        )
        return self._refund(new)

    def change_metadata(self, intent: PaymentIntentId, metadata: Metadata) -> None:
        """Somebody edits the payment in the Dashboard, or it is another tool's."""
        self._intents[intent] = self._intents[intent].model_copy(update={"metadata": metadata})

    def settle_refund(self, refund: RefundId, status: Literal["succeeded", "failed", "canceled"]) -> Refund:
        """The bank took the money, or it came back."""
        found = self._refunds[refund]
        if not found.is_live or found.status == status:
            raise ValueError(f"{refund} is {found.status}")
        reason = {"failed": "lost_or_stolen_card", "canceled": "merchant_request"}.get(status)
        changes: dict[str, Any] = {"status": status, "failure_reason": reason}
        self._refunds[refund] = settled = found.model_copy(update=changes)
        if not settled.is_live:
            charge = self._charges[str(found.charge)]
            left = charge.amount_refunded - found.amount
            self._charges[charge.id] = charge.model_copy(update={"amount_refunded": left})
        if status == "failed":
            self._emit("refund.failed", settled)
        self._emit("refund.updated", settled)
        self._emit("charge.refund.updated", settled)
        return settled

    def pay_page(self, session: CheckoutSessionId, payment_method: str = "pm_card_visa") -> PaymentIntent:
        """The shopper pays on the page. A decline leaves it open, with its intent; a bank debit completes it unpaid."""
        page, new, _ = self._sessions[session]
        if page.status != "open":
            raise ValueError(f"{session} is {page.status}")
        if page.payment_intent is None:
            intent = self._new_intent(
                NewPaymentIntent(
                    amount=new.amount,
                    customer=new.customer,
                    capture_method=new.capture_method,
                    description=new.description,
                    metadata=new.metadata,
                )
            )
            page = self._put_session(page.model_copy(update={"payment_intent": intent.id}))
        found = self._intents[str(page.payment_intent)]
        self._attempt(found, payment_method, off_session=False)
        return self._page_after(page)

    def expire_page(self, session: CheckoutSessionId) -> CheckoutSession:
        """Its time is over."""
        return self._expire(self._sessions[session][0])

    def edit_customer(self, customer: CustomerId, **fields: Any) -> Customer:
        """Somebody edits the customer in the Dashboard, or they do so themselves in Stripe's portal."""
        return self._put_customer(self._customers[customer].model_copy(update=fields))

    def add_customer(self, **fields: Any) -> Customer:
        """Somebody makes a customer in the Dashboard."""
        customer = Customer(id=CustomerId(self._id("cus")), created=int(self._now().timestamp()), **fields)
        self._customers[customer.id] = customer
        self._emit("customer.created", customer)
        return customer

    def remove_customer(self, customer: CustomerId) -> None:
        """Somebody deletes the customer in the Dashboard."""
        self._emit("customer.deleted", self._customers[customer])
        self._customers[customer] = Customer(id=customer, deleted=True)

    def forget_customer(self, customer: CustomerId) -> None:
        """The account is another one than the ids came from."""
        del self._customers[customer]

    def save_card(self, customer: CustomerId) -> PaymentMethodId:
        """The customer saves a card."""
        method = PaymentMethodId(self._id("pm"))
        self._saved[method] = customer
        return method

    # The port.

    async def create_customer(self, new: NewCustomer, *, key: IdempotencyKey) -> Customer:
        def make() -> Customer:
            shipping = new.shipping
            return self.add_customer(
                name=new.name,
                email=new.email,
                phone=new.phone,
                address=stripe_address(new.address) if new.address else None,
                shipping=CustomerShipping(
                    name=shipping.name, phone=shipping.phone, address=stripe_address(shipping.address)
                )
                if shipping
                else None,
                preferred_locales=(new.preferred_locale.replace("_", "-"),) if new.preferred_locale else (),
                tax_exempt=new.tax_exempt or "none",
                business_name=new.business_name,
                metadata=new.metadata,
            )

        return self._once("create_customer", key, new, make)

    async def retrieve_customer(self, customer: CustomerId) -> Customer:
        return self._read("retrieve_customer", lambda: _get(self._customers, customer))

    async def update_customer(self, customer: CustomerId, changes: Changes, *, key: IdempotencyKey) -> Customer:
        def make() -> Customer:
            known = self._living(customer)
            fields: dict[str, Any] = {name: getattr(changes.to, name) for name in changes.fields}
            if "email" in fields and "@" not in (fields["email"] or "@"):
                raise RefusedError("stripe", "email_invalid", "Invalid email address", field="email")
            if "metadata" in fields:
                merged = known.metadata | changes.to.metadata
                fields["metadata"] = {name: value for name, value in merged.items() if value}
            return self._put_customer(known.model_copy(update=fields))

        return self._once("update_customer", key, changes, make)

    async def delete_customer(self, customer: CustomerId) -> Customer:
        def delete() -> Customer:
            if customer in self._customers and not self._customers[customer].deleted:
                self.remove_customer(customer)
            self._saved = {method: owner for method, owner in self._saved.items() if owner != customer}
            return Customer(id=customer, deleted=True)

        return self._do("delete_customer", delete)

    async def find_customers(self, email: str) -> tuple[Customer, ...]:
        def find() -> tuple[Customer, ...]:
            return tuple(each for each in reversed(self._customers.values()) if each.email == email)

        return self._read("find_customers", find)

    async def create_tax_id(self, customer: CustomerId, number: TaxNumber, *, key: IdempotencyKey) -> TaxId:
        def make() -> TaxId:
            self._living(customer)
            if number.type == "eu_vat" and not number.value[:2].isalpha():
                raise RefusedError("stripe", "tax_id_invalid", "Invalid value for eu_vat.", field="value")
            tax_id = TaxId(id=self._id("txi"), type=number.type, value=number.value)
            self._tax_ids[tax_id.id] = (customer, tax_id)
            return tax_id

        return self._once("create_tax_id", key, number, make)

    async def list_tax_ids(self, customer: CustomerId) -> tuple[TaxId, ...]:
        def find() -> tuple[TaxId, ...]:
            _get(self._customers, customer)
            return tuple(tax_id for owner, tax_id in reversed(self._tax_ids.values()) if owner == customer)

        return self._read("list_tax_ids", find)

    async def delete_tax_id(self, tax_id: str) -> None:
        self._do("delete_tax_id", lambda: self._tax_ids.pop(tax_id, None))

    async def list_payment_methods(self, customer: CustomerId) -> tuple[PaymentMethodId, ...]:
        def find() -> tuple[PaymentMethodId, ...]:
            _get(self._customers, customer)
            return tuple(method for method, owner in reversed(self._saved.items()) if owner == customer)

        return self._read("list_payment_methods", find)

    async def detach_payment_method(self, method: PaymentMethodId, *, key: IdempotencyKey) -> None:
        del key
        self._do("detach_payment_method", lambda: self._saved.pop(method, None))

    async def create_payment_intent(self, new: NewPaymentIntent, *, key: IdempotencyKey) -> Attempt:
        def make() -> Attempt:
            self._check_customer(new.customer)
            if (problem := new.amount.why_not_chargeable()) is not None:
                raise RefusedError("stripe", "amount_too_small", problem, field="amount")
            if new.payment_method in self.unknown:
                raise RefusedError("stripe", "resource_missing", "No such PaymentMethod", field="payment_method")
            intent = self._new_intent(new)
            if new.payment_method is None:
                return Attempt(intent=intent)
            error = self._attempt(intent, new.payment_method, off_session=new.off_session)
            if error is not None:
                return Attempt(intent=self._intents[intent.id], error=error)
            return Attempt(intent=self._expanded(self._intents[intent.id]))

        return self._once("create_payment_intent", key, new, make)

    async def retrieve_payment_intent(self, intent: PaymentIntentId) -> PaymentIntent:
        return self._read("retrieve_payment_intent", lambda: self._expanded(_get(self._intents, intent)))

    async def retrieve_charge(self, charge: str) -> Charge:
        return self._read("retrieve_charge", lambda: _get(self._charges, charge))

    async def cancel_payment_intent(self, intent: PaymentIntentId, *, key: IdempotencyKey) -> PaymentIntent:
        def make() -> PaymentIntent:
            found = _get(self._intents, intent)
            if found.status not in CANCELABLE:
                return self._expanded(found)
            if any(page.payment_intent == intent and page.status == "open" for page in self.sessions):
                raise RefusedError("stripe", "invalid_request_error", "The page must be expired instead")
            return self._cancel(found, None)

        return self._once("cancel_payment_intent", key, intent, make)

    async def create_checkout_session(self, new: NewCheckoutSession, *, key: IdempotencyKey) -> CheckoutSession:
        def make() -> CheckoutSession:
            self._check_customer(new.customer)
            shortest, longest = SESSION_LIFE
            now = self._now()
            session_id = CheckoutSessionId(self._id("cs_test" if self._ref.mode == "test" else "cs_live"))
            session = CheckoutSession(
                id=session_id,
                status="open",
                url=f"https://checkout.example/{session_id}",
                expires_at=int(max(now + shortest, min(new.expires_at, now + longest)).timestamp()),
                livemode=self._ref.mode == "live",
                metadata=new.metadata,
            )
            self._sessions[session_id] = (session, new, now)
            return session

        return self._once("create_checkout_session", key, new, make)

    async def retrieve_checkout_session(self, session: CheckoutSessionId) -> CheckoutSession:
        return self._read("retrieve_checkout_session", lambda: _get(self._sessions, session)[0])

    async def expire_checkout_session(self, session: CheckoutSessionId, *, key: IdempotencyKey) -> CheckoutSession:
        return self._once(
            "expire_checkout_session", key, session, lambda: self._expire(_get(self._sessions, session)[0])
        )

    async def create_refund(self, new: NewRefund, *, key: IdempotencyKey) -> Refund:
        return self._once("create_refund", key, new, lambda: self._refund(new))

    async def find_customer(self, email: str, metadata: Metadata) -> Customer | None:
        def find() -> tuple[Customer, ...]:
            theirs = (customer for customer in self._customers.values() if customer.email == email)
            return _newest_first(theirs, metadata, lambda customer: customer.metadata)

        return next(iter(self._read("find_customer", find)), None)

    async def find_payment_intents(
        self, customer: CustomerId | None, created_since: datetime, metadata: Metadata
    ) -> tuple[PaymentIntent, ...]:
        def find() -> tuple[PaymentIntent, ...]:
            since = int(created_since.timestamp())
            theirs = (
                self._expanded(intent)
                for intent in self._intents.values()
                if intent.created >= since and customer in {None, intent.customer}
            )
            return _newest_first(theirs, metadata, lambda intent: intent.metadata)

        return self._read("find_payment_intents", find)

    async def search_payment_intents(self, created_since: datetime, metadata: Metadata) -> tuple[PaymentIntent, ...]:
        def find() -> tuple[PaymentIntent, ...]:
            since, indexed = created_since.timestamp(), (self._now() - SEARCHABLE_AFTER).timestamp()
            known = self._intents.values()
            old = (self._expanded(intent) for intent in known if int(since) <= intent.created <= int(indexed))
            return _newest_first(old, metadata, lambda intent: intent.metadata)

        return self._read("search_payment_intents", find)

    async def find_checkout_sessions(
        self, customer: CustomerId | None, created_since: datetime, metadata: Metadata
    ) -> tuple[CheckoutSession, ...]:
        def find() -> tuple[CheckoutSession, ...]:
            theirs = (
                session
                for session, new, created in self._sessions.values()
                if int(created.timestamp()) >= int(created_since.timestamp()) and customer in {None, new.customer}
            )
            return _newest_first(theirs, metadata, lambda session: session.metadata)

        return self._read("find_checkout_sessions", find)

    async def find_refunds(self, intent: PaymentIntentId, metadata: Metadata) -> tuple[Refund, ...]:
        def find() -> tuple[Refund, ...]:
            theirs = (refund for refund in self._refunds.values() if refund.payment_intent == intent)
            return _newest_first(theirs, metadata, lambda refund: refund.metadata or {})

        return self._read("find_refunds", find)

    async def list_events(self, created_since: datetime) -> AsyncIterator[RawEvent]:
        since = int(created_since.timestamp())
        for event in self._read("list_events", lambda: [each for each in self._events if each.created >= since]):
            yield event

    async def list_webhook_endpoints(self) -> tuple[WebhookEndpoint, ...]:
        return self._read("list_webhook_endpoints", lambda: self.webhook_endpoints)

    async def key_mode(self) -> Mode:
        return self._read("key_mode", lambda: self.mode_of_key)

    # How it is done.

    def _read(self, method: str, find: Callable[[], Stored]) -> Stored:
        self.calls.append(Call(method, None))
        failure = self._failure(method)
        if failure is not None:
            raise failure.error
        return find()

    def _do(self, method: str, make: Callable[[], Stored]) -> Stored:
        """Do what Stripe takes no key for."""
        self.calls.append(Call(method, None))
        failure = self._failure(method)
        if failure is not None and failure.when == "before":
            raise failure.error
        done = make()
        if failure is not None:
            raise failure.error
        return done

    def _once(self, method: str, key: IdempotencyKey, request: Frozen | str, make: Callable[[], Result]) -> Result:
        """Do it, or answer what was answered under the same key."""
        self.calls.append(Call(method, key))
        failure = self._failure(method)
        if failure is not None and failure.when == "before":
            raise failure.error
        kept = self._kept.get(key)
        if kept is None or self._now() - kept.at >= KEY_LIFE:
            kept = self._kept[key] = _Kept(request, make(), self._now())
        elif kept.request != request:
            raise RefusedError("stripe", "idempotency_mismatch", "The key was used with other parameters")
        if failure is not None:
            raise failure.error
        return kept.answer  # type: ignore[return-value]  # the key and the request are those that made it

    def _failure(self, method: str) -> _Failure | None:
        for failure in self._failures:
            if failure.method in {None, method}:
                self._failures.remove(failure)
                return failure
        return None

    def _id(self, prefix: str) -> str:
        self._number += 1
        return f"{prefix}_{self._number:06d}"

    def _refund(self, new: NewRefund) -> Refund:
        charge = self._charges.get(str(_get(self._intents, new.payment_intent).charge_id))
        if charge is None or not charge.captured:
            raise RefusedError("stripe", "invalid_request_error", "Nothing to refund", field="payment_intent")
        if new.payment_intent in self.disputed:
            raise RefusedError("stripe", "charge_disputed", f"{charge.id} has been charged back")
        left = charge.amount_captured - charge.amount_refunded
        if left == 0:
            raise RefusedError("stripe", "charge_already_refunded", f"{charge.id} has been refunded")
        if new.amount.minor_units > left:
            raise RefusedError("stripe", "amount_too_large", f"Only {left} is left", field="amount")
        refund = Refund(
            id=RefundId(self._id("re")),
            status="pending" if self.refunds_wait or new.payment_intent in self._slow else "succeeded",
            amount=new.amount.minor_units,
            currency=charge.currency,
            created=int(self._now().timestamp()),
            charge=charge.id,
            payment_intent=new.payment_intent,
            balance_transaction=self._id("txn"),
            reason=new.reason,
            metadata=new.metadata,
        )
        self._refunds[refund.id] = refund
        refunded = charge.amount_refunded + refund.amount
        self._charges[charge.id] = charge.model_copy(update={"amount_refunded": refunded})
        self._emit("charge.refunded", self._charges[charge.id])
        self._emit("refund.created", refund)
        return refund

    def _new_intent(self, new: NewPaymentIntent) -> PaymentIntent:
        intent_id = PaymentIntentId(self._id("pi"))
        intent = PaymentIntent(
            id=intent_id,
            status="requires_payment_method",
            amount=new.amount.minor_units,
            currency=new.amount.currency.lower(),
            created=int(self._now().timestamp()),
            livemode=self._ref.mode == "live",
            customer=new.customer,
            capture_method=new.capture_method,
            client_secret=SecretStr(f"{intent_id}_secret_fake"),
            metadata=new.metadata,
        )
        return self._put(intent, "payment_intent.created")

    def _attempt(self, intent: PaymentIntent, payment_method: str, *, off_session: bool) -> PaymentError | None:
        """Confirm; the answer is why it was declined."""
        error = self.declines.get(payment_method)
        if payment_method in self.authenticate and off_session:
            error = AUTHENTICATION_REQUIRED
        if error is not None:
            return self._decline(intent, error).last_payment_error
        if payment_method in self.authenticate:
            self._require_action(intent)
        elif payment_method in self.processing:
            self._put(intent, "payment_intent.processing", status="processing")
        else:
            self._charge(intent)
            if payment_method == "pm_card_createDispute":
                self.disputed.add(intent.id)
            if payment_method == "pm_card_pendingRefund":
                self._slow.add(intent.id)
        return None

    def _settle(self, intent: PaymentIntentId, end: Callable[[PaymentIntent], PaymentIntent]) -> PaymentIntent:
        pending = self._intents[intent]
        if pending.status in {"succeeded", "canceled", "requires_capture"}:
            raise ValueError(f"{intent} is {pending.status}")
        settled = end(pending)
        page = next((page for page in self.sessions if page.payment_intent == intent), None)
        if page is not None and page.status == "open":
            self._page_after(page)
        elif page is not None and pending.status == "processing":
            paid = settled.status == "succeeded"
            after = page.model_copy(update={"payment_status": "paid" if paid else "unpaid"})
            kind = f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}"
            self._emit(kind, self._put_session(after))
        return settled

    def _require_action(self, intent: PaymentIntent) -> PaymentIntent:
        action = NextAction(
            type="redirect_to_url", redirect_to_url=RedirectToUrl(url=f"https://bank.example/{intent.id}")
        )
        return self._put(intent, "payment_intent.requires_action", status="requires_action", next_action=action)

    def _charge(self, intent: PaymentIntent) -> PaymentIntent:
        captured = intent.capture_method != "manual"
        charge = Charge(
            id=ChargeId(self._id("ch")),
            status="succeeded",
            amount=intent.amount,
            amount_captured=intent.amount if captured else 0,
            currency=intent.currency,
            captured=captured,
            payment_intent=intent.id,
            payment_method_details=PaymentMethodDetails(type="card", card=CardDetails(brand="visa", last4="4242")),
            outcome=Outcome(type="authorized", risk_level="normal", risk_score=12),
            metadata=intent.metadata,
        )
        self._charges[charge.id] = charge
        self._emit("charge.succeeded", charge)
        fields: dict[str, Any] = {"latest_charge": charge.id, "last_payment_error": None, "next_action": None}
        if captured:
            return self._put(
                intent, "payment_intent.succeeded", status="succeeded", amount_received=intent.amount, **fields
            )
        return self._put(
            intent,
            "payment_intent.amount_capturable_updated",
            status="requires_capture",
            amount_capturable=intent.amount,
            **fields,
        )

    def _decline(self, intent: PaymentIntent, error: PaymentError) -> PaymentIntent:
        charge = Charge(
            id=ChargeId(self._id("ch")),
            status="failed",
            amount=intent.amount,
            currency=intent.currency,
            payment_intent=intent.id,
            failure_code=error.code,
            failure_message=error.message,
            outcome=Outcome(type="issuer_declined", reason=error.decline_code, advice_code=error.advice_code),
            metadata=intent.metadata,
        )
        self._charges[charge.id] = charge
        self._emit("charge.failed", charge)
        return self._put(
            intent,
            "payment_intent.payment_failed",
            status="requires_payment_method",
            latest_charge=charge.id,
            last_payment_error=error.model_copy(update={"charge": charge.id}),
            next_action=None,
        )

    def _cancel(self, intent: PaymentIntent, reason: str | None) -> PaymentIntent:
        return self._put(
            intent,
            "payment_intent.canceled",
            status="canceled",
            cancellation_reason=reason,
            amount_capturable=0,
            next_action=None,
        )

    def _page_after(self, page: CheckoutSession) -> PaymentIntent:
        intent = self._expanded(self._intents[str(page.payment_intent)])
        if intent.status in {"succeeded", "requires_capture", "processing"}:
            paid = "paid" if intent.status == "succeeded" else "unpaid"
            done = page.model_copy(update={"status": "complete", "payment_status": paid, "url": None})
            self._emit("checkout.session.completed", self._put_session(done))
        return intent

    def _expire(self, page: CheckoutSession) -> CheckoutSession:
        if page.status != "open":
            return page
        expired = self._put_session(page.model_copy(update={"status": "expired", "url": None}))
        intent = self._intents.get(str(page.payment_intent))
        if intent is not None and intent.status in CANCELABLE:
            self._cancel(intent, "expired")
        self._emit("checkout.session.expired", expired)
        return expired

    def _check_customer(self, customer: CustomerId | None) -> None:
        if customer is not None and (customer not in self._customers or self._customers[customer].deleted):
            raise RefusedError("stripe", "resource_missing", "No such customer", field="customer")

    def _living(self, customer: CustomerId) -> Customer:
        found = _get(self._customers, customer)
        if found.deleted:
            raise NotFoundError("stripe", "resource_missing", f"No such customer: {customer}", field="id")
        return found

    def _put_customer(self, customer: Customer) -> Customer:
        if customer != self._customers[customer.id]:
            self._customers[customer.id] = customer
            self._emit("customer.updated", customer)
        return customer

    def _put(self, intent: PaymentIntent, event: str, **fields: Any) -> PaymentIntent:
        self._intents[intent.id] = intent.model_copy(update=fields)
        self._emit(event, self._intents[intent.id])
        return self._expanded(self._intents[intent.id])

    def _put_session(self, session: CheckoutSession) -> CheckoutSession:
        _, new, created = self._sessions[session.id]
        self._sessions[session.id] = (session, new, created)
        return session

    def _expanded(self, intent: PaymentIntent) -> PaymentIntent:
        charge = self._charges.get(str(intent.charge_id))
        return intent if charge is None else intent.model_copy(update={"latest_charge": charge})

    def _emit(self, kind: str, about: Frozen) -> None:
        now, event_id = int(self._now().timestamp()), EventId(self._id("evt"))
        livemode = self._ref.mode == "live"
        body = {
            "id": event_id,
            "object": "event",
            "type": kind,
            "created": now,
            "livemode": livemode,
            "api_version": "2026-10-28.endive",
            "data": {"object": _document(about)},
        }
        self._events.append(RawEvent(id=event_id, type=kind, created=now, livemode=livemode, body=orjson.dumps(body)))


class FakePaymentsDirectory:
    """The port `PaymentsDirectory`."""

    def __init__(self, *accounts: FakePayments) -> None:
        self._accounts = {account.ref: account for account in accounts}

    def __getitem__(self, ref: StripeRef) -> FakePayments:
        return self._accounts[ref]


def _document(about: Frozen) -> dict[str, Any]:
    document = about.model_dump(mode="json")
    if isinstance(about, PaymentIntent) and about.client_secret is not None:
        document["client_secret"] = about.client_secret.get_secret_value()
    return document


def _get(objects: dict[str, Stored], identifier: str) -> Stored:
    if identifier not in objects:
        raise NotFoundError("stripe", "resource_missing", f"No such object: {identifier}", field="id")
    return objects[identifier]


def _newest_first(
    objects: Iterable[Stored], wanted: Metadata, metadata_of: Callable[[Stored], Metadata]
) -> tuple[Stored, ...]:
    found = [each for each in objects if wanted.items() <= metadata_of(each).items()]
    return tuple(reversed(found))
