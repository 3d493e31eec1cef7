"""The settings, section by section. Each field's description is what the configuration reference prints."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from sidecar.settings.credentials import Withheld
from sidecar.settings.secret_file import Section

KEY_PREFIXES = {"test": ("sk_test_", "rk_test_"), "live": ("sk_live_", "rk_live_")}


class Broker(Section):
    """RabbitMQ."""

    url: SecretStr = Field(description="AMQP address: `amqp://user:password@host:5672/vhost`, or `amqps://`.")
    prefix: str = Field(
        default="", pattern=r"^[a-z0-9._-]{0,40}$", description="Put before every exchange and queue name."
    )


class StoreDatabase(Section):
    """The sidecar's own MySQL or MariaDB database."""

    url: SecretStr = Field(description="`mysql://user:password@host:3306/database`.")
    pool_size: int = Field(default=20, ge=2, le=500, description="Connections a process may hold.")
    keep: timedelta = Field(
        default=timedelta(days=400),
        ge=timedelta(days=31),
        description="How long done events, done effects and timelines are kept; orders, payments and links stay.",
    )


class StripeAccount(Section):
    """One Stripe account, in one mode."""

    mode: Literal["test", "live"] = Field(description="Which side of the account; the key must be of the same.")
    secret_key: SecretStr = Field(description="A restricted key (`rk_…`) or secret key (`sk_…`).")
    webhook_secrets: tuple[SecretStr, ...] = Field(
        default=(), description="Signing secrets (`whsec_…`); two while one is being rolled."
    )
    requests_per_second: float | None = Field(
        default=None, gt=0, description="The account's limit; 100 live, 25 test unless Stripe raised it."
    )
    endpoint_requests_per_second: float = Field(default=25, gt=0, description="The limit of each endpoint.")
    max_concurrency: int = Field(default=64, ge=1, description="Calls under way at once, per process.")
    timeout: timedelta = Field(default=timedelta(seconds=30), description="How long to wait for an answer.")
    base_url: str | None = Field(default=None, description="Another address than Stripe's: for a stand-in.")

    @model_validator(mode="after")
    def _one_mode(self) -> Self:
        if isinstance(self.secret_key, Withheld):
            return self
        if not self.secret_key.get_secret_value().startswith(KEY_PREFIXES[self.mode]):
            msg = f"secret_key is not a key of mode {self.mode!r}: it should start with {KEY_PREFIXES[self.mode]}"
            raise ValueError(msg)
        return self


class OAuth(Section):
    """Credentials of a Magento integration that signs with OAuth 1.0a."""

    consumer_key: str = Field(description="As Magento shows it when the integration is activated.")
    consumer_secret: SecretStr = Field(description="As above.")
    access_token: str = Field(description="As above.")
    access_token_secret: SecretStr = Field(description="As above.")


class MagentoInstance(Section):
    """One Magento installation."""

    adapter: Literal["rest", "db"] = Field(default="rest", description="How results are written back.")
    base_url: str | None = Field(default=None, description="The shop's address, for `rest`.")
    token: SecretStr | None = Field(default=None, description="An integration's access token, for `rest`.")
    oauth: OAuth | None = Field(default=None, description="Or its four OAuth 1.0a credentials.")
    database_url: SecretStr | None = Field(default=None, description="Magento's database, for `db`.")
    table_prefix: str = Field(
        default="", pattern=r"^[A-Za-z0-9_]{0,32}$", description="Before its tables, as in `env.php`; for `db`."
    )
    max_concurrency: int = Field(
        default=16,
        ge=1,
        description="Calls under way at once at most, per process, for `rest`; how many Magento takes is found out.",
    )
    timeout: timedelta = Field(default=timedelta(seconds=30), description="How long to wait for an answer.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.adapter == "rest":
            if self.base_url is None:
                raise ValueError("base_url is missing: adapter 'rest' needs the shop's address")
            if (self.token is None) == (self.oauth is None):
                raise ValueError("adapter 'rest' needs either token or oauth, and not both")
            if self.database_url is not None:
                raise ValueError("database_url contradicts adapter 'rest': remove it or set adapter = 'db'")
        elif self.database_url is None:
            raise ValueError("database_url is missing: adapter 'db' writes into Magento's database")
        return self


Owner = Literal["magento", "stripe", "newest"]


class CustomerRules(Section):
    """What becomes of a store's customers: see `docs/customers.md`."""

    create: Literal["always", "on_first_order"] = Field(
        default="always", description="When an account becomes a Stripe Customer."
    )
    email: Owner = Field(
        default="magento",
        description="Who may change the e-mail address: `magento`, `stripe`, or either (`newest`: of two changes the"
        " later one counts). What the other side changes is put back.",
    )
    name: Owner = Field(default="magento", description="Who may change the name, likewise.")
    phone: Owner = Field(default="magento", description="Who may change the telephone number, likewise.")
    address: Owner = Field(default="magento", description="Who may change the default billing address, likewise.")
    naming: Literal["person", "company"] = Field(
        default="person", description="What Stripe calls an account that has a company."
    )
    tax_exempt: dict[int, Literal["none", "exempt", "reverse"]] = Field(
        default_factory=dict,
        description="Stripe's `tax_exempt` by the id of the customer group; groups without one are `none`. Without any,"
        " it is left alone.",
    )
    on_delete: Literal["keep", "scrub", "delete"] = Field(
        default="keep",
        description="The Stripe Customer of a deleted account: `keep` it, `scrub` everything personal, `delete` it.",
    )
    link_guests: Literal["never", "when_order_moved", "when_email_confirmed"] = Field(
        default="when_order_moved",
        description="When an account takes over the Stripe Customer of a guest's order: when Magento gave it the order,"
        " or also when it has the same e-mail address and Magento had that confirmed.",
    )
    create_in_magento: bool = Field(
        default=False,
        description="Make an account in this store view for a customer that somebody makes in Stripe.",
    )


class StoreRule(Section):
    """Which Stripe account a Magento store view is paid with, and by which rules."""

    instance: str = Field(description="A name from `[magento]`.")
    store: str = Field(default="*", description="The store view's code, or `*` for all that have no rule of their own.")
    stripe: str = Field(description="A name from `[stripe]`.")
    capture_method: Literal["automatic", "manual"] = Field(
        default="automatic", description="`manual` only reserves the money."
    )
    offer: tuple[Literal["checkout_session", "payment_intent"], ...] = Field(
        default=("checkout_session", "payment_intent"),
        min_length=1,
        description="What a shopper who has not paid is given: a hosted page, an intent for a headless front.",
    )
    payment_window: timedelta | None = Field(
        default=timedelta(hours=24), description="How long an order may be paid; then it is cancelled."
    )
    on_cancel_of_paid_order: Literal["refund", "keep"] = Field(
        default="refund", description="When Magento cancels an order whose payment was recorded."
    )
    on_payment_of_canceled_order: Literal["refund", "reopen"] = Field(
        default="refund", description="When a payment lands on a cancelled order."
    )
    on_ambiguous_refund: Literal["adjustment", "manual"] = Field(
        default="adjustment",
        description="When a refund made in Stripe fits several lines: a credit memo over an amount, or by hand.",
    )
    refunds_return_stock: bool = Field(
        default=False,
        description="Whether goods return to the stock when a refund made in Stripe gives back their line.",
    )
    description: str = Field(default="Order {increment_id}", description="What the payment is called in Stripe.")
    statement_descriptor_suffix: str | None = Field(
        default=None, max_length=22, description="Added to the account's name on the card statement."
    )
    send_receipt: bool = Field(default=False, description="Let Stripe mail its own receipt.")
    success_url: str | None = Field(default=None, description="Where Checkout leads to; else the shop's own pages.")
    cancel_url: str | None = Field(default=None, description="Where leaving Checkout leads to.")
    customers: CustomerRules = Field(default=CustomerRules(), description="What becomes of the store's customers.")


class Runtime(Section):
    """How consumers run."""

    concurrency: int = Field(
        default=32, ge=1, le=1000, description="Messages of a queue worked on at once, per process."
    )
    prefetch: int = Field(
        default=128,
        ge=1,
        le=2000,
        description="Messages of a queue in hand at most: as many lie ready as a second takes.",
    )
    prefetch_bytes: int = Field(
        default=32 * 1_048_576, ge=1_048_576, description="Bytes of messages of a queue in hand, likewise."
    )
    max_attempts: int = Field(default=12, ge=1, description="Then a message is parked.")
    shutdown_grace: timedelta = Field(default=timedelta(seconds=25), description="To finish what is in hand.")
    http_host: str = Field(default="127.0.0.1", description="Address of /healthz, /readyz and /metrics.")
    http_port: int = Field(default=9464, ge=0, le=65535, description="Its port; 0 takes a free one.")


class Circuits(Section):
    """When an upstream counts as down, and how it is left alone then."""

    consecutive: int = Field(default=5, ge=1, description="So many failures in a row open its circuit.")
    calls: int = Field(default=20, ge=1, description="Or at least so many calls within the window,")
    share: float = Field(default=0.5, gt=0, le=1, description="of which at least this share failed.")
    window: timedelta = Field(default=timedelta(minutes=1), description="How far back calls count.")
    subjects: int = Field(
        default=3, ge=1, description="The failures have to concern so many orders: one that always fails is no outage."
    )
    first_open: timedelta = Field(default=timedelta(seconds=5), description="How long it is left alone at first.")
    longest_open: timedelta = Field(
        default=timedelta(seconds=30), description="And at most; each time in a row it is twice as long."
    )

    @model_validator(mode="after")
    def _grows(self) -> Self:
        if not timedelta() < self.first_open <= self.longest_open:
            raise ValueError("first_open has to be more than nothing and at most longest_open")
        return self


class Bridge(Section):
    """The webhook bridge."""

    host: str = Field(default="127.0.0.1", description="Address to listen on; also of /healthz, /readyz, /metrics.")
    port: int = Field(default=8080, ge=0, le=65535, description="Its port; 0 takes a free one.")
    tolerance: timedelta = Field(default=timedelta(seconds=300), description="How old a signature may be.")
    max_body_bytes: int = Field(default=1_048_576, ge=1024, description="A larger body is refused.")


class Timers(Section):
    """What happens by the clock."""

    catch_up_every: timedelta = Field(default=timedelta(minutes=5), description="Look for events that were missed.")
    catch_up_overlap: timedelta = Field(
        default=timedelta(minutes=10), description="How far before the cursor to look again."
    )
    reconcile_every: timedelta = Field(
        default=timedelta(hours=1), description="Hold Magento, Stripe and the sidecar against one another."
    )
    reconcile_since: timedelta = Field(
        default=timedelta(days=2), description="How far back a reconciliation looks for orders that moved."
    )
    reconcile_repair: bool = Field(
        default=False, description="Mend what a reconciliation finds, instead of only counting and logging it."
    )
    payment_windows_every: timedelta = Field(default=timedelta(seconds=30), description="Close payment windows.")
    watch_every: timedelta = Field(
        default=timedelta(seconds=30), description="Look at queues and at Magento's outbox, for the metrics."
    )


class Tracing(Section):
    """OpenTelemetry traces; off unless a collector is named."""

    otlp_endpoint: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="A collector's address for OTLP over HTTP, `http://collector:4318`; nothing is traced without it.",
    )
    otlp_headers: SecretStr | None = Field(
        default=None, description="Headers that the collector wants: `name=value,name=value`."
    )
    sample_ratio: float = Field(default=1.0, ge=0, le=1, description="The share of traces that is kept.")
