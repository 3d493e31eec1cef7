"""The account's ledger and balance (docs.stripe.com/api/balance_transactions)."""

from collections import Counter

from stripe.params import BalanceRetrieveParams, BalanceTransactionListParams, BalanceTransactionRetrieveParams

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.objects import BalanceTransaction, Charge, Refund
from sidecar.sandbox.stripe.operation import Call, Operation

_FEE_PER_MILLE = 29
_FIXED_FEE = 30
"""Stripe's list price in the US, 2.9 % and 30 cents; every other currency is priced alike here."""
AVAILABLE_AFTER = 2 * 24 * 3600


def fee_of(amount: int) -> int:
    """What a payment costs, in minor units, rounded to the nearest."""
    return min(amount, (amount * _FEE_PER_MILLE + 500) // 1000 + _FIXED_FEE)


def record_charge(account: Account, charge: Charge) -> None:
    """Book the captured amount of a charge."""
    charge.balance_transaction = _record(
        account,
        amount=charge.amount_captured,
        fee=fee_of(charge.amount_captured),
        currency=charge.currency,
        kind=("payment" if charge.method.type == "us_bank_account" else "charge", "charge"),
        source=charge.id,
        description=charge.description,
    )


def record_refund(account: Account, refund: Refund) -> None:
    """Book money that goes back; Stripe keeps its fee."""
    refund.balance_transaction = _record(
        account,
        amount=-refund.amount,
        fee=0,
        currency=refund.currency,
        kind=("refund", "refund"),
        source=refund.id,
        description=None,
    )


def record_refund_failure(account: Account, refund: Refund) -> None:
    """Book money that came back because it could not be given back."""
    refund.failure_balance_transaction = _record(
        account,
        amount=refund.amount,
        fee=0,
        currency=refund.currency,
        kind=("refund_failure", "refund_failure"),
        source=refund.id,
        description=None,
    )


def _record(
    account: Account,
    *,
    amount: int,
    fee: int,
    currency: str,
    kind: tuple[str, str],
    source: str,
    description: str | None,
) -> str:
    transaction = BalanceTransaction(
        id=account.new_id("txn"),
        created=account.clock.now(),
        amount=amount,
        currency=currency,
        fee=fee,
        type=kind[0],
        reporting_category=kind[1],
        source=source,
        description=description,
    )
    return account.balance_transactions.add(transaction, source=source).id


def balance_transaction_document(account: Account, transaction: BalanceTransaction) -> JsonObject:
    """Write it as the API does."""
    available_on = transaction.created + AVAILABLE_AFTER
    fee_details: list[JsonObject] = []
    if transaction.fee:
        fee_details.append(
            {
                "amount": transaction.fee,
                "application": None,
                "currency": transaction.currency,
                "description": "Stripe processing fees",
                "type": "stripe_fee",
            }
        )
    return {
        "id": transaction.id,
        "object": "balance_transaction",
        "amount": transaction.amount,
        "available_on": available_on,
        "balance_type": "payments",
        "created": transaction.created,
        "currency": transaction.currency,
        "description": transaction.description,
        "exchange_rate": None,
        "fee": transaction.fee,
        "fee_details": fee_details,
        "net": transaction.net,
        "reporting_category": transaction.reporting_category,
        "source": transaction.source,
        "status": "available" if available_on <= account.clock.now() else "pending",
        "type": transaction.type,
    }


def _retrieve(call: Call) -> JsonObject:
    return balance_transaction_document(call.account, call.account.balance_transactions.get(call.id))


def _list(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    kind, currency = parameters.text("type"), parameters.text("currency")
    return account.balance_transactions.page(
        parameters,
        "/v1/balance_transactions",
        lambda transaction: balance_transaction_document(account, transaction),
        group=("source", parameters.text("source")),
        keep=lambda transaction: kind in {None, transaction.type} and currency in {None, transaction.currency},
    )


def _balance(call: Call) -> JsonObject:
    account = call.account
    now = account.clock.now()
    available: Counter[str] = Counter({account.config.default_currency: 0})
    pending: Counter[str] = Counter({account.config.default_currency: 0})
    for transaction in account.balance_transactions:
        part = available if transaction.created + AVAILABLE_AFTER <= now else pending
        part[transaction.currency] += transaction.net
    return {
        "object": "balance",
        "available": _amounts(available),
        "connect_reserved": [{"amount": 0, "currency": account.config.default_currency}],
        "livemode": account.livemode,
        "pending": _amounts(pending),
    }


def _amounts(totals: Counter[str]) -> list[JsonObject]:
    return [
        {"amount": amount, "currency": currency, "source_types": {"card": amount}}
        for currency, amount in sorted(totals.items())
    ]


OPERATIONS = (
    Operation("GET", "/v1/balance", _balance, BalanceRetrieveParams),
    Operation("GET", "/v1/balance_transactions", _list, BalanceTransactionListParams, frozenset(("payout",))),
    Operation("GET", "/v1/balance_transactions/{id}", _retrieve, BalanceTransactionRetrieveParams),
)
