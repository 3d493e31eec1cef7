"""What a sandbox is made of: its accounts and how it behaves."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class _Setting(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WebhookTarget(_Setting):
    """An endpoint that exists from the start.

    Attributes:
        secrets: signing secrets, newest first; each signs every delivery, as during a roll.
        enabled_events: event types, or `*` for all.
    """

    url: str
    secrets: tuple[SecretStr, ...] = Field(min_length=1)
    enabled_events: tuple[str, ...] = ("*",)


class AccountConfig(_Setting):
    """One account in one mode; the secret key of a request chooses it.

    Attributes:
        redirect_payment_methods: whether methods that redirect the shopper are enabled in the account; while they
            are, confirming with automatic payment methods needs a `return_url`, as on a real account.
    """

    secret_keys: tuple[SecretStr, ...] = Field(min_length=1)
    mode: Literal["test", "live"] = "test"
    webhook_endpoints: tuple[WebhookTarget, ...] = ()
    country: str = "US"
    default_currency: str = "usd"
    redirect_payment_methods: bool = True


class RateLimits(_Setting):
    """Requests per second (docs.stripe.com/rate-limits).

    Attributes:
        overall: in all per account; without a value 100 in live mode and 25 in test mode.
        per_endpoint: per method and path pattern.
        search: per search endpoint.
        intent_updates_per_hour: changes of one PaymentIntent, over a sliding hour.
    """

    enabled: bool = True
    overall: int | None = None
    per_endpoint: int = 25
    search: int = 20
    intent_updates_per_hour: int = 1000


class Delivery(_Setting):
    """How webhooks are delivered, and how badly.

    Attributes:
        retry_after: seconds to wait before each further try; when they are used up the delivery is given up.
        timeout: seconds an endpoint has to answer.
        late: share of deliveries that wait up to `disorder_seconds`.
        duplicated: share that is delivered twice.
        reordered: share that lets the next event of the account overtake it.
        lost: share never delivered; `/v1/events` still lists them.
    """

    retry_after: tuple[float, ...] = (0.5, 2, 8, 30, 120)
    timeout: float = 10
    in_flight: int = 32
    late: float = Field(default=0, ge=0, le=1)
    duplicated: float = Field(default=0, ge=0, le=1)
    reordered: float = Field(default=0, ge=0, le=1)
    lost: float = Field(default=0, ge=0, le=1)
    disorder_seconds: float = 0.5


class StripeSandboxConfig(_Setting):
    """Everything.

    Attributes:
        accounts: by alias.
        seed: makes ids and random disorder repeatable.
        public_url: where browsers reach the sandbox; without it, the address of the request is used.
        search_delay: seconds until a new object can be found by search.
        settlement_delay: seconds until what settles by itself has done so: a pending refund, a bank debit.
    """

    accounts: dict[str, AccountConfig] = Field(min_length=1)
    rate_limits: RateLimits = RateLimits()
    delivery: Delivery = Delivery()
    seed: int | None = None
    public_url: str | None = None
    search_delay: float = 60
    settlement_delay: float = 5
