"""What a text does not hold any more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.settings.settings import Settings
from sidecar.support_bundle.redact import GONE, Redactor, secrets_of

SETTINGS = Settings.model_validate(
    {
        "broker": {"url": "amqps://worker:br%40ker-pass@rabbit.example/shop"},
        "store": {"url": "mysql://sidecar:store-pass@db.example/sidecar"},
        "stripe": {
            "main": {"mode": "live", "secret_key": "rk_live_AbC123", "webhook_secrets": ["whsec_one", "whsec_two"]}
        },
        "magento": {
            "shop": {"base_url": "https://shop.example", "token": "magento-token"},
            "other": {
                "base_url": "https://basic:auth-pass@other.example",
                "oauth": {
                    "consumer_key": "consumer-key",
                    "consumer_secret": "consumer-secret",
                    "access_token": "access-token",
                    "access_token_secret": "access-token-secret",
                },
            },
            "db": {"adapter": "db", "database_url": "mysql://writer:db-pass@magento-db.example/magento"},
        },
        "stores": [{"instance": "shop", "stripe": "main"}],
        "tracing": {"otlp_endpoint": "http://collector.example:4318", "otlp_headers": "x-key=trace-secret"},
    }
)
SECRETS = [
    *("br%40ker-pass", "br@ker-pass", "store-pass", "rk_live_AbC123", "whsec_one", "whsec_two", "magento-token"),
    *("auth-pass", "consumer-key", "consumer-secret", "access-token", "access-token-secret", "db-pass", "trace-secret"),
]


def test_every_kind_of_setting_is_searched() -> None:
    found = set(secrets_of(SETTINGS))
    assert {"rk_live_AbC123", "whsec_two", "magento-token", "access-token-secret", "db-pass", "store-pass"} <= found


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["{}", '{{"key": "{}"}}', "https://x/?token={}&y=1", "it said '{}'.", "a{}b"])
def test_no_secret_is_left_whatever_is_around_it(secret: str, around: str) -> None:
    text = Redactor(SETTINGS)(around.format(secret))
    assert secret not in text
    assert GONE in text


def test_the_settings_themselves_hold_none_once_they_are_redacted() -> None:
    text = Redactor(SETTINGS)(SETTINGS.model_dump_json())
    assert [secret for secret in SECRETS if secret in text] == []
    assert "shop.example" in text


@pytest.mark.parametrize(
    "text",
    [
        "grace@example.com",
        "grace.hopper+shop@mail.example.co.uk wrote",
        "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
        "pi_3Nabc_secret_xyz789",
        "mysql://root:hunter2@elsewhere/db",
        "Authorization: Bearer eyJhbGciOi.J9-_=",
    ],
)
def test_what_looks_like_a_secret_or_a_person_goes_too(text: str) -> None:
    redacted = Redactor(SETTINGS)(f"before {text} after")
    for part in ("grace", "hopper", "4eC39", "xyz789", "hunter2", "eyJ"):
        assert part not in redacted
    assert redacted.startswith("before ")
    assert redacted.endswith(" after")


@given(before=st.text(), after=st.text(), secret=st.sampled_from(SECRETS))
def test_no_neighbour_protects_a_secret(before: str, after: str, secret: str) -> None:
    assert secret not in Redactor(SETTINGS)(before + secret + after).replace(GONE, "")
