"""What `sidecar doctor` looks at."""

from collections.abc import Mapping
from functools import partial

from schemas.ids import Instance, StripeRef
from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.store_sql import level, pending
from sidecar.adapters.stripe.payments import StripePayments
from sidecar.compose import OpenPorts
from sidecar.discovery import all_consumers, awaited_events
from sidecar.doctor import Check, Finding
from sidecar.flow_checks import flow_checks
from sidecar.settings.settings import Settings
from sidecar.topology import topology_of


def checks(settings: Settings, ports: OpenPorts) -> list[Check]:
    """One check for each connection and each thing that has to fit."""
    found = [
        Check("store", partial(_store, settings), "check [store] url, and that the database is up"),
        Check("broker", partial(_broker, settings), "check [broker] url, and that RabbitMQ is up"),
    ]
    for ref, account in ports.payments.items():
        hint = f"check [stripe.{ref.account}] secret_key"
        found.append(Check(f"stripe {ref}: key", partial(_key, ref, account), hint))
        found.append(Check(f"stripe {ref}: webhook", partial(_webhook, ref, account, settings), hint))
    for name in settings.magento:
        hint = f"check [magento.{name}]: address, token, and that the module is installed"
        found.append(Check(f"magento {name}", partial(_magento, Instance(name), ports), hint))
    return found + flow_checks(settings, ports)


async def _store(settings: Settings) -> Finding:
    url = settings.store.url.get_secret_value()
    missing = await pending(url)
    if missing:
        return Finding(
            "store", "failed", f"{len(missing)} migrations are missing: {missing[0]} …", "run `sidecar migrate`"
        )
    return Finding("store", "ok", f"reachable, at migration {await level(url)}")


async def _broker(settings: Settings) -> Finding:
    topology = topology_of(all_consumers(), settings.broker.prefix)
    differences = await declare.diff(settings.broker.url.get_secret_value(), topology)
    if differences:
        first = differences[0]
        detail = f"{len(differences)} differences: {first.kind} {first.name} {first.problem}"
        return Finding("broker", "failed", detail, first.remedy)
    return Finding("broker", "ok", f"reachable, {len(topology.queues)} queues as declared")


async def _key(ref: StripeRef, account: StripePayments) -> Finding:
    name = f"stripe {ref}: key"
    mode = await account.key_mode()
    if mode != ref.mode:
        return Finding(
            name, "failed", f"the key is of mode {mode}", f"set mode = {mode!r} or use a key of mode {ref.mode}"
        )
    return Finding(name, "ok", f"accepted, mode {mode}")


async def _webhook(ref: StripeRef, account: StripePayments, settings: Settings) -> Finding:
    name = f"stripe {ref}: webhook"
    path = f"/webhooks/stripe/{ref.account}"
    if not settings.stripe[ref.account].webhook_secrets:
        remedy = f"create an endpoint for {path} in Stripe's dashboard and set webhook_secrets"
        return Finding(name, "failed", "no signing secret is set", remedy)
    ours = [each for each in await account.list_webhook_endpoints() if each.url.endswith(path)]
    enabled = [each for each in ours if each.status == "enabled"]
    if not enabled:
        detail = "is disabled" if ours else "is missing"
        return Finding(name, "failed", f"the endpoint for {path} {detail}", "create or enable it in Stripe's dashboard")
    sent = frozenset(enabled[0].enabled_events)
    unsent = sorted(awaited_events() - sent) if "*" not in sent else []
    if unsent:
        return Finding(name, "failed", f"does not send {', '.join(unsent)}", "enable these events on the endpoint")
    return Finding(name, "ok", f"{enabled[0].url} is enabled")


async def _magento(name: Instance, ports: OpenPorts) -> Finding:
    status = await ports.magento[name].status()
    return Finding(f"magento {name}", "ok", f"Magento {status.version or '?'}, module {status.module_version or '?'}")


def worst(findings: list[Finding]) -> Mapping[str, int]:
    """How many findings there are of each verdict."""
    return {verdict: sum(each.verdict == verdict for each in findings) for verdict in ("ok", "warning", "failed")}
