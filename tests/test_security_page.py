"""The page on security says what the code does."""

import importlib
import pkgutil
import re
import xml.etree.ElementTree as ET
from pathlib import Path

from sidecar.adapters import stripe
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.broker_access import users_of
from sidecar.discovery import all_consumers

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text()


def endpoints() -> set[str]:
    """Every call to Stripe that an adapter's module names."""
    found = set()
    for module in pkgutil.iter_modules(stripe.__path__):
        names = vars(importlib.import_module(f"{stripe.__name__}.{module.name}")).values()
        found |= {str(each) for each in names if isinstance(each, Endpoint)}
    return found


def test_every_call_to_stripe_is_listed_with_its_permission_and_no_other() -> None:
    rows = dict(re.findall(r"^\| `((?:GET|POST|DELETE) /v1/[^`]+)` \| (.+) \|$", PAGE, re.MULTILINE))
    assert set(rows) == endpoints()
    granted = re.findall(r"^\| ([A-Z]\w+(?: \w+)*) \| (?:Read|Write) \| `rak_", PAGE, re.MULTILINE)
    needed = {part.strip() for permission in rows.values() for part in permission.split(",")}
    assert {each.replace("Charges and Refunds", "Charges") for each in needed} == {
        each.replace("Charges and Refunds", "Charges") for each in granted
    }


def test_what_only_reads_is_granted_no_more() -> None:
    written = {call.split()[1].split("/")[2] for call in endpoints() if not call.startswith("GET")}
    for permission, resource in (("Events", "events"), ("Webhook Endpoints", "webhook_endpoints")):
        assert resource not in written
        assert f"| {permission} | Read |" in PAGE


def test_every_resource_of_the_module_that_an_integration_needs_is_listed() -> None:
    routes = ET.parse(ROOT / "magento_module" / "etc" / "webapi.xml").getroot()  # noqa: S314  # our own file
    needed = {each.get("ref") or "" for each in routes.iter("resource")} - {"anonymous", "self"}
    assert needed == set(re.findall(r"`(Sidecar_Stripe::\w+)`", PAGE))


def test_the_broker_has_the_users_that_are_named() -> None:
    assert "sidecar-bridge" in {user.name for user in users_of(all_consumers())}
