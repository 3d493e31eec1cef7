"""What a stand-in is made of."""

from dataclasses import dataclass, field

from schemas.magento.store import Store


@dataclass(frozen=True, slots=True)
class OAuthKeys:
    """The four values of an integration."""

    consumer_key: str
    consumer_secret: str = field(repr=False)
    access_token: str
    access_token_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MagentoSandboxConfig:
    """One instance.

    Attributes:
        instance: the name that its events carry.
        token: what a bearer token has to be.
        oauth: the integration that may sign, where OAuth is accepted.
        stores: its store views, by code.
        locale: of all of them.
        confirms_email: whether a new account has to be confirmed by mail.
    """

    instance: str
    token: str = field(repr=False)
    database_url: str = field(repr=False)
    oauth: OAuthKeys | None = None
    locale: str = "en_US"
    confirms_email: bool = False
    stores: dict[str, Store] = field(
        default_factory=lambda: {
            "default": Store(store_id=1, store_code="default", website_id=1, website_code="base"),
            "wholesale": Store(store_id=2, store_code="wholesale", website_id=1, website_code="base"),
        },
    )
