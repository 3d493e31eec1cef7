"""What the operator may write, and what is said about the rest."""

from pathlib import Path
from typing import Any

import pytest

from schemas.ids import (
    AccountAlias,
    CustomerRef,
    Instance,
    MagentoCustomerId,
    MagentoOrderId,
    OrderRef,
    StripeRef,
)
from schemas.magento.store import Store
from sidecar.policy import CustomerPolicy
from sidecar.settings.credentials import CREDENTIALS, Credential, Process, Withheld
from sidecar.settings.load import SettingsError, load_settings

GOOD = """
[broker]
url = "amqp://user:broker-password@broker/"
[store]
url = "mysql://user:store-password@db/sidecar"
[stripe.main]
mode = "test"
secret_key = "sk_test_secret"
webhook_secrets = ["whsec_secret"]
[stripe.eu]
mode = "live"
secret_key = "rk_live_secret"
[magento.shop]
base_url = "https://shop.example"
token = "magento-secret"
[[stores]]
instance = "shop"
stripe = "main"
[[stores]]
instance = "shop"
store = "de"
stripe = "eu"
capture_method = "manual"
"""


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(text: str) -> Path:
        path = tmp_path / "sidecar.toml"
        path.write_text(text)
        return path

    return write


def refusal(path: Path, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as raised:
        load_settings(path, environ or {})
    return str(raised.value)


def test_each_store_has_its_own_account_and_rules(write: Any) -> None:
    policies = load_settings(write(GOOD), {}).policies()
    order = OrderRef(instance=Instance("shop"), order_id=MagentoOrderId(1))

    def of(code: str) -> Any:
        return policies.of(order, Store(store_id=1, store_code=code, website_id=1, website_code="base"))

    assert str(of("en").stripe) == "main/test"
    assert (str(of("de").stripe), of("de").capture_method) == ("eu/live", "manual")
    other = OrderRef(instance=Instance("other"), order_id=MagentoOrderId(1))
    assert policies.of(other, Store(store_id=1, store_code="en", website_id=1, website_code="base")) is None


def test_each_store_has_its_own_rules_about_customers(write: Any) -> None:
    more = '[stores.customers]\nphone = "newest"\non_delete = "scrub"\ntax_exempt = { 3 = "reverse" }\n'
    more += "create_in_magento = true\n"
    policies = load_settings(write(GOOD + more), {}).policies()
    customer = CustomerRef(instance=Instance("shop"), customer_id=MagentoCustomerId(1))

    def of(code: str) -> CustomerPolicy:
        policy = policies.of(customer, Store(store_id=1, store_code=code, website_id=1, website_code="base"))
        assert policy is not None
        return policy.customers

    assert of("en") == CustomerPolicy()
    assert not of("en").writes_to_magento
    german = of("de")
    assert german.owners == {"email": "magento", "name": "magento", "phone": "newest", "address": "magento"}
    assert (german.on_delete, german.tax_exempt) == ("scrub", {3: "reverse"})
    assert german.writes_to_magento
    assert policies.making_accounts(StripeRef(account=AccountAlias("eu"), mode="live")) == ("shop", "de")
    assert policies.making_accounts(StripeRef(account=AccountAlias("main"), mode="test")) is None


ACCOUNTS = "[stores.customers]\ncreate_in_magento = true\n"


@pytest.mark.parametrize(
    ("adapter", "more", "named"),
    [
        ("db", '[stores.customers]\nphone = "stripe"\n', "stores.1.customers: [magento.shop] has adapter 'db'"),
        ("db", '[stores.customers]\nlink_guests = "when_email_confirmed"\n', "has adapter 'db'"),
        ("db", '[stores.customers]\nphone = "magento"\n', None),
        ("rest", ACCOUNTS, None),
        ("rest", f'{ACCOUNTS}[[stores]]\ninstance = "shop"\nstore = "at"\nstripe = "eu"\n', None),
        (
            "rest",
            f'{ACCOUNTS}[[stores]]\ninstance = "shop"\nstore = "at"\nstripe = "eu"\n{ACCOUNTS}',
            "create_in_magento: another store has it for the same Stripe account",
        ),
        ("rest", '[stores.customers]\nphone = "both"\n', "stores.1.customers.phone"),
        ("rest", '[stores.customers]\nphones = "stripe"\n', "stores.1.customers.phones: no such setting"),
    ],
)
def test_rules_about_customers_have_to_fit_the_instance(write: Any, adapter: str, more: str, named: str | None) -> None:
    database = 'adapter = "db"\ndatabase_url = "mysql://u:p@db/magento"'
    text = GOOD.replace('token = "magento-secret"', database) if adapter == "db" else GOOD
    if named is None:
        load_settings(write(text + more), {})
    else:
        assert named in refusal(write(text + more))


def test_accounts_are_made_in_a_store_view_that_has_a_name(write: Any) -> None:
    text = GOOD.replace('stripe = "main"\n', f'stripe = "main"\n{ACCOUNTS}', 1)
    assert "stores.0.customers.create_in_magento: name the store view" in refusal(write(text))


def test_the_environment_wins_over_the_file(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIDECAR_RUNTIME__PREFETCH", "7")
    monkeypatch.setenv("SIDECAR_STRIPE__MAIN__SECRET_KEY", "sk_test_other")
    settings = load_settings(write(GOOD))
    assert settings.runtime.prefetch == 7
    assert settings.stripe["main"].secret_key.get_secret_value() == "sk_test_other"


def test_no_secret_is_ever_shown(write: Any) -> None:
    shown = repr(load_settings(write(GOOD), {})) + str(load_settings(write(GOOD), {}).model_dump_json())
    for secret in ("broker-password", "store-password", "sk_test_secret", "whsec_secret", "magento-secret"):
        assert secret not in shown


def test_a_secret_may_come_from_a_file(write: Any, tmp_path: Path) -> None:
    key, hooks = tmp_path / "key", tmp_path / "hooks"
    key.write_text("sk_test_from_file\n")
    hooks.write_text("whsec_new\nwhsec_old\n")
    text = GOOD.replace('secret_key = "sk_test_secret"', f'secret_key_file = "{key}"')
    text = text.replace('webhook_secrets = ["whsec_secret"]', f'webhook_secrets_file = "{hooks}"')
    account = load_settings(write(text), {}).stripe["main"]
    assert account.secret_key.get_secret_value() == "sk_test_from_file"
    assert [secret.get_secret_value() for secret in account.webhook_secrets] == ["whsec_new", "whsec_old"]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('url = "amqp://user:broker-password@broker/"', "", "broker.url: is missing"),
        ("[broker]", "[broker]\nurls = 1", "broker.urls: no such setting"),
        ("[broker]", "[brokre]\nx = 1\n[broker]", "brokre: no such setting"),
        ('mode = "test"', 'mode = "live"', "stripe.main: secret_key is not a key of mode 'live'"),
        ('mode = "test"', 'mode = "prod"', "stripe.main.mode:"),
        ('token = "magento-secret"', "", "magento.shop: adapter 'rest' needs either token or oauth"),
        ('base_url = "https://shop.example"', "", "magento.shop: base_url is missing"),
        ('base_url = "https://shop.example"', 'adapter = "db"', "magento.shop: database_url is missing"),
        ('stripe = "eu"', 'stripe = "us"', "stores.1.stripe: there is no [stripe.us]"),
        ('store = "de"', "", "stores: shop/* is named twice"),
        (
            'secret_key = "sk_test_secret"',
            'secret_key = "sk_test_secret"\nsecret_key_file = "x"',
            "both secret_key and",
        ),
        ('secret_key = "sk_test_secret"', 'secret_key_file = "/does/not/exist"', "cannot read /does/not/exist"),
        ('secret_key = "rk_live_secret"', 'secret_key = "rk_live_secret"\nwebhook_secrets = ["whsec_secret"]', "share"),
        ("[stripe.eu]", "[stripe.EU]", "stripe.EU: a name has"),
        ("[broker]", "[broker", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named(write: Any, old: str, new: str, named: str) -> None:
    said = refusal(write(GOOD.replace(old, new, 1)))
    assert named in said
    assert "sk_test_secret" not in said
    assert "broker-password" not in said


def test_an_unknown_variable_is_refused(write: Any) -> None:
    assert refusal(write(GOOD), {"SIDECAR_BROKRE__URL": "x"}).startswith("SIDECAR_BROKRE__URL: no such setting")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "cannot read" in refusal(tmp_path / "none.toml")


WITHOUT_FILES = """
[broker]
url_file = "{folder}/broker.url"
[store]
url_file = "{folder}/store.url"
[stripe.main]
mode = "live"
secret_key_file = "{folder}/stripe.main.secret_key"
webhook_secrets_file = "{folder}/stripe.main.webhook_secrets"
[magento.shop]
base_url = "https://shop.example"
token_file = "{folder}/magento.shop.token"
[magento.signs]
base_url = "https://signs.example"
[magento.signs.oauth]
consumer_key_file = "{folder}/magento.signs.oauth"
consumer_secret_file = "{folder}/magento.signs.oauth"
access_token_file = "{folder}/magento.signs.oauth"
access_token_secret_file = "{folder}/magento.signs.oauth"
[magento.old]
adapter = "db"
database_url_file = "{folder}/magento.old.database_url"
[[stores]]
instance = "shop"
stripe = "main"
[tracing]
otlp_endpoint = "http://collector:4318"
otlp_headers_file = "{folder}/tracing.otlp_headers"
"""
FILES: dict[Credential, dict[str, str]] = {
    "broker": {"broker.url": "amqp://broker/"},
    "store": {"store.url": "mysql://database/sidecar"},
    "stripe": {"stripe.main.secret_key": "rk_live_x"},
    "webhooks": {"stripe.main.webhook_secrets": "whsec_x"},
    "magento": dict.fromkeys(("magento.shop.token", "magento.signs.oauth", "magento.old.database_url"), "x"),
    "tracing": {"tracing.otlp_headers": "key=x"},
}


@pytest.mark.parametrize("process", CREDENTIALS)
def test_a_process_starts_with_the_credentials_that_it_reads_and_without_each_it_does_not(
    write: Any, tmp_path: Path, process: Process
) -> None:
    path = write(WITHOUT_FILES.replace("{folder}", str(tmp_path)))
    reads = CREDENTIALS[process]
    for credential in reads:
        for name, text in FILES[credential].items():
            (tmp_path / name).write_text(text)
    load_settings(path, {}, process)
    for credential in reads:
        (tmp_path / next(iter(FILES[credential]))).unlink()
        with pytest.raises(SettingsError, match="cannot read"):
            load_settings(path, {}, process)
        (tmp_path / next(iter(FILES[credential]))).write_text(next(iter(FILES[credential].values())))


def test_a_credential_is_not_read_where_it_is_no_use_even_if_it_is_there(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIDECAR_STORE__URL", "mysql://user:from-the-environment@db/sidecar")
    settings = load_settings(write(GOOD), {}, "bridge")
    assert settings.broker.url.get_secret_value() == "amqp://user:broker-password@broker/"
    assert [each.get_secret_value() for each in settings.stripe["main"].webhook_secrets] == ["whsec_secret"]
    for secret in (settings.store.url, settings.stripe["main"].secret_key, settings.magento["shop"].token):
        assert secret is not None
        assert str(secret) == ""
        with pytest.raises(AssertionError, match="is no credential of this process"):
            secret.get_secret_value()


def test_who_asks_for_the_state_of_things_knows_whether_there_are_signing_secrets_and_not_which(write: Any) -> None:
    settings = load_settings(write(GOOD), {}, "operator")
    assert len(settings.stripe["main"].webhook_secrets) == 1
    assert isinstance(settings.stripe["main"].webhook_secrets[0], Withheld)
    assert settings.stripe["eu"].webhook_secrets == ()


def test_what_is_wrong_elsewhere_is_found_by_each_process(write: Any) -> None:
    for process in CREDENTIALS:
        with pytest.raises(SettingsError, match=r"stripe\.main\.mod: no such setting"):
            load_settings(write(GOOD.replace('mode = "test"', 'mod = "test"')), {}, process)
        with pytest.raises(SettingsError, match="stor: no such setting"):
            load_settings(write(GOOD.replace("[store]", "[stor]")), {}, process)
