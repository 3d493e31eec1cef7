"""What can be set about the bridge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from schemas.ids import StripeRef


@dataclass(frozen=True, slots=True)
class Account:
    """An account whose events are taken.

    Attributes:
        secrets: the endpoint's signing secrets (`whsec_…`): one, or two while it is being rolled. Without any, no
            signature fits and every event is refused.

    Raises:
        ValueError: a secret is blank; anybody could sign with it.
    """

    ref: StripeRef
    secrets: tuple[SecretStr, ...]

    def __post_init__(self) -> None:
        if not all(secret.get_secret_value().strip() for secret in self.secrets):
            msg = f"stripe.{self.ref.account}.webhook_secrets: a secret is blank"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeOptions:
    """How the bridge behaves.

    Attributes:
        accounts: by the name in the address.
        tolerance: how far a signature's time may be from ours, either way.
        max_body_bytes: a larger body is refused before it has all come in.
        read_timeout: how long a body may take to come in.
    """

    accounts: Mapping[str, Account]
    tolerance: timedelta = timedelta(seconds=300)
    max_body_bytes: int = 1_048_576
    read_timeout: timedelta = timedelta(seconds=10)
