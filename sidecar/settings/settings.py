"""The whole of the settings, and what must hold between its sections."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from schemas.ids import NAME_PATTERN, AccountAlias, StripeRef
from sidecar.policy import Policies, StorePolicy
from sidecar.settings.credentials import EVERY, Credential, Withheld, withhold
from sidecar.settings.sections import (
    Bridge,
    Broker,
    Circuits,
    MagentoInstance,
    Runtime,
    StoreDatabase,
    StoreRule,
    StripeAccount,
    Timers,
    Tracing,
)

ENV_PREFIX = "SIDECAR_"
ENV_DELIMITER = "__"


class Settings(BaseSettings):
    """Everything, from the environment (`SIDECAR_BROKER__URL`) over the file (`[broker] url`).

    A value may come from a file: `secret_key_file` instead of `secret_key`.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=ENV_PREFIX,
        env_nested_delimiter=ENV_DELIMITER,
        hide_input_in_errors=True,
    )

    reads: ClassVar[frozenset[Credential]] = EVERY
    """The credentials that are read; the others are `Withheld`."""

    broker: Broker
    store: StoreDatabase
    stripe: dict[str, StripeAccount] = Field(description="Stripe accounts, by a name of your choice.")
    magento: dict[str, MagentoInstance] = Field(description="Magento installations, by a name of your choice.")
    stores: tuple[StoreRule, ...] = Field(min_length=1, description="Which store is paid with which account.")
    runtime: Runtime = Runtime()
    circuits: Circuits = Circuits()
    bridge: Bridge = Bridge()
    timers: Timers = Timers()
    tracing: Tracing = Tracing()

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, which comes in as keyword arguments."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @model_validator(mode="before")
    @classmethod
    def _withhold(cls, values: Any) -> Any:  # noqa: ANN401  # what pydantic hands to a validator
        return withhold(values, cls.reads) if isinstance(values, Mapping) else values

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for section, names in (("stripe", self.stripe), ("magento", self.magento)):
            for name in names:
                if not re.match(NAME_PATTERN, name):
                    msg = f"{section}.{name}: a name has up to 32 lower-case letters, digits, '-' and '_'"
                    raise ValueError(msg)
        for number, rule in enumerate(self.stores):
            if rule.instance not in self.magento:
                msg = f"stores.{number}.instance: there is no [magento.{rule.instance}]"
                raise ValueError(msg)
            if rule.stripe not in self.stripe:
                msg = f"stores.{number}.stripe: there is no [stripe.{rule.stripe}]"
                raise ValueError(msg)
        twice = [key for key, count in Counter((r.instance, r.store) for r in self.stores).items() if count > 1]
        if twice:
            msg = f"stores: {twice[0][0]}/{twice[0][1]} is named twice"
            raise ValueError(msg)
        self._customers_fit()
        signing = [secret for each in self.stripe.values() for secret in each.webhook_secrets]
        secrets = Counter(each.get_secret_value() for each in signing if not isinstance(each, Withheld))
        if any(count > 1 for count in secrets.values()):
            raise ValueError("stripe.*.webhook_secrets: two accounts share a signing secret; each endpoint has its own")
        return self

    def _customers_fit(self) -> None:
        policies = self.policies()
        for number, rule in enumerate(self.stores):
            where, policy = f"stores.{number}.customers", self._policy(rule)
            needs_rest = policy.customers.writes_to_magento or rule.customers.link_guests == "when_email_confirmed"
            if needs_rest and self.magento[rule.instance].adapter != "rest":
                msg = f"{where}: [magento.{rule.instance}] has adapter 'db', which neither changes nor reads accounts"
                raise ValueError(msg)
            if rule.customers.create_in_magento and rule.store == "*":
                msg = f"{where}.create_in_magento: name the store view that accounts are made in"
                raise ValueError(msg)
            if rule.customers.create_in_magento and policies.making_accounts(policy.stripe) is None:
                msg = f"{where}.create_in_magento: another store has it for the same Stripe account; which is it?"
                raise ValueError(msg)

    def stripe_ref(self, account: str) -> StripeRef:
        """The account's name with its mode."""
        return StripeRef(account=AccountAlias(account), mode=self.stripe[account].mode)

    def policies(self) -> Policies:
        """The merchant's rules, by store."""
        return Policies({(rule.instance, rule.store): self._policy(rule) for rule in self.stores})

    def _policy(self, rule: StoreRule) -> StorePolicy:
        shop = (self.magento[rule.instance].base_url or "https://shop.invalid").rstrip("/")
        chosen: dict[str, Any] = rule.model_dump(exclude={"instance", "store", "stripe", "success_url", "cancel_url"})
        return StorePolicy(
            stripe=self.stripe_ref(rule.stripe),
            success_url=rule.success_url or f"{shop}/checkout/onepage/success",
            cancel_url=rule.cancel_url or f"{shop}/checkout/cart",
            **chosen,
        )

    def requests_per_second(self, account: str) -> float:
        """The account's limit: its own setting, else Stripe's default for its mode (docs.stripe.com/rate-limits)."""
        chosen = self.stripe[account]
        return chosen.requests_per_second or (100.0 if chosen.mode == "live" else 25.0)

    @property
    def longest_window(self) -> timedelta:
        """The longest time that any store gives an order to be paid."""
        return max((rule.payment_window or timedelta() for rule in self.stores), default=timedelta())
