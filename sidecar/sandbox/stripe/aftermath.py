"""What some test cards bring on after they have paid: disputes and issuers' fraud warnings."""

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.disputes import open_dispute
from sidecar.sandbox.stripe.early_fraud_warnings import warn_of_fraud
from sidecar.sandbox.stripe.objects import Charge


def after_payment(account: Account, charge: Charge) -> None:
    """Let happen what the documentation promises for the card."""
    if charge.method.dispute is not None and charge.captured:
        open_dispute(account, charge, charge.method.dispute)
    if charge.method.fraud_warning:
        warn_of_fraud(account, charge)
