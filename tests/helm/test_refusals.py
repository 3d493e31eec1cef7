"""What does the chart say to values that cannot work?"""

from typing import Any

import pytest

from tests.helm.render import HelmError, render


def refusal(*examples: str, **values: Any) -> str:
    with pytest.raises(HelmError) as raised:
        render(*examples, values={path.replace("__", "."): value for path, value in values.items()})
    return str(raised.value)


@pytest.mark.parametrize(
    "path",
    [
        "image.tga",
        "settings.brige",
        "settings.broker.ulr",
        "settings.stripe.main.mod",
        "settings.timers.catch_up",
        "credentials.secret",
        "credentials.externalSecret.store",
        "roles.bridge.replica",
        "roles.bridge.autoscaling.min",
        "roleDefaults.kind",
        "setup.migrations",
        "webhooks.ingress.host",
        "serviceAccount.automount",
        "networkPolicy.egress.redis",
        "metrics.serviceMonitor",
        "replicas",
    ],
)
def test_is_an_unknown_value_named(path: str) -> None:
    told = refusal("minimal", **{path: "x"})
    assert f"Additional property {path.rpartition('.')[2]} is not allowed" in told


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("roles.bridge.replicas", -1),
        ("roles.bridge.kind", "web"),
        ("roles.orders.queues", []),
        ("roles.timers.queues", ["orders"]),
        ("roles.Bad_Name", {"kind": "timers"}),
        ("roles.setup", {"kind": "timers"}),
        ("image.digest", "latest"),
        ("settings.runtime.http_port", 70_000),
        ("settings.stores", [{"instance": "shop"}]),
        ("settings.magento.shop.adapter", "soap"),
        ("webhooks.host", "https://shop.example"),
        ("credentials.from", {"broker.uri": {"existingSecret": "x"}}),
        ("credentials.existingSecret", "Not A Name"),
    ],
)
def test_is_a_value_of_the_wrong_kind_refused(path: str, value: object) -> None:
    assert "values don't meet the specifications of the schema" in refusal("minimal", **{path: value})


def test_is_it_said_what_is_missing_at_first() -> None:
    assert "settings.stripe is empty" in refusal()
    told = refusal("minimal", credentials__existingSecret="")
    assert "credentials.existingSecret is empty: name a Secret that has broker.url, store.url" in told
    assert "magento.shop.token" in told


def test_is_a_queue_that_two_roles_consume_refused() -> None:
    told = refusal("minimal", roles__more={"kind": "consumers", "queues": ["orders"]})
    assert "roles.orders: queue orders is consumed by roles.more already" in told


def test_may_a_disabled_role_name_the_queue_of_another() -> None:
    more = {"kind": "consumers", "queues": ["orders"], "enabled": False}
    assert "shop-magento-stripe-sidecar-more" not in render("minimal", values={"roles.more": more}).of("Deployment")


def test_is_a_credential_refused_that_nothing_asks_for() -> None:
    told = refusal("minimal", credentials__from={"stripe.other.secret_key": {"existingSecret": "x"}})
    assert "credentials.from.stripe.other.secret_key: the settings ask for no such credential" in told
    told = refusal("minimal", roles__timers__credentials={"magento.shop.database_url": {"existingSecret": "x"}})
    assert "roles.timers.credentials.magento.shop.database_url: the role reads no such credential" in told


def test_is_a_credential_refused_that_a_process_has_no_use_for() -> None:
    told = refusal("minimal", roles__bridge__credentials={"store.url": {"existingSecret": "x"}})
    assert "roles.bridge.credentials.store.url: the role reads no such credential; it reads broker.url" in told
    told = refusal("minimal", setup__credentials={"stripe.main.secret_key": {"existingSecret": "x"}})
    assert "setup.credentials.stripe.main.secret_key: it reads no such credential" in told


def test_is_a_contradiction_refused() -> None:
    assert "credentials.existingSecret contradicts" in refusal("external_secrets", credentials__existingSecret="x")
    assert "storeName is empty" in refusal("external_secrets", credentials__externalSecret__storeName="")
    assert "webhooks.host is empty" in refusal("minimal", webhooks__ingress__enabled=True)
    assert "parentRefs is empty" in refusal("gateway", webhooks__httpRoute__parentRefs=[])
    told = refusal("minimal", roles__timers__autoscaling={"enabled": True})
    assert "roles.timers.autoscaling.metric: only consumers have queues; choose cpu" in told
