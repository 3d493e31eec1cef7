"""What `sidecar doctor` looks at once everything can be reached: whether anything flows, and why it does not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial

import httpx

from schemas.ids import Instance, StripeRef
from sidecar.adapters.broker_amqp.count import count
from sidecar.adapters.magento_rest.orders import RestOrders
from sidecar.adapters.stripe.payments import StripePayments
from sidecar.compose import OpenPorts
from sidecar.discovery import all_consumers, awaited_events
from sidecar.doctor import Check, Finding
from sidecar.errors import TransientError, UnauthorizedError
from sidecar.settings.settings import Settings
from sidecar.topology import Names
from sidecar.watch.certificates import NoCertificateError, Target, bridge_targets, read_certificate, targets_of

STRIPE = "https://api.stripe.com"
LOOK_BACK = timedelta(hours=1)
ON_ITS_WAY = timedelta(minutes=2)
"""An event that is younger may simply not be done yet."""
OUTBOX_PATIENCE = 300
"""Seconds; as the alert `OutboxStuck` has it."""
RENEWED_BY = timedelta(days=21)
"""As the alert `CertificateExpiry` has it."""
NOTICEABLE = timedelta(seconds=30)
"""A clock that is so far off will not be within Stripe's tolerance for long."""


def flow_checks(settings: Settings, ports: OpenPorts) -> list[Check]:
    """The checks, in the order in which an order meets what they look at."""
    found = []
    for name in settings.magento:
        hint = f"see the finding about magento {name}"
        found.append(Check(f"magento {name}: outbox", partial(_outbox, name, ports), hint))
        found.append(Check(f"magento {name}: stores", partial(_stores, name, settings, ports), hint))
    found.append(Check("broker: consumers", partial(_consumers, settings), "see the finding about the broker"))
    found.append(Check("broker: dead letters", partial(_dead_letters, settings), "see the finding about the broker"))
    for ref, account in ports.payments.items():
        hint = f"see the finding about stripe {ref}: key"
        found.append(Check(f"stripe {ref}: permissions", partial(_permissions, ref, account), hint))
        found.append(Check(f"stripe {ref}: events", partial(_events, ref, account, ports), hint))
        found.append(Check(f"stripe {ref}: clock", partial(_clock, ref, settings, ports), "check the way to Stripe"))
    found.append(Check("certificates", partial(_certificates, settings, ports), "check [stripe] and [magento]"))
    return found


async def _outbox(name: str, ports: OpenPorts) -> Finding:
    check = f"magento {name}: outbox"
    status = await ports.magento[Instance(name)].status()
    if status.instance is not None and status.instance != name:
        remedy = f"call it the same: [magento.{status.instance}] here, or the module's instance name {name!r} there"
        return Finding(check, "failed", f"its events carry the name {status.instance!r}, and nobody knows it", remedy)
    waits = status.outbox
    if waits is None:
        return Finding(check, "ok", "nothing tells what waits there (the database adapter, or an older module)")
    if waits.parked:
        detail = f"{waits.parked} events cannot be published, and hold back later ones"
        return Finding(check, "failed", detail, "bin/magento sidecar:outbox:status says why")
    if (waits.oldest_seconds or 0) > OUTBOX_PATIENCE:
        detail = f"{waits.pending} events wait, the oldest for {timedelta(seconds=waits.oldest_seconds or 0)}"
        remedy = "let the relay or Magento's cron run: bin/magento sidecar:outbox:status"
        return Finding(check, "failed", detail, remedy)
    return Finding(check, "ok", f"{waits.pending} events wait")


async def _stores(name: str, settings: Settings, ports: OpenPorts) -> Finding:
    check = f"magento {name}: stores"
    rules = {rule.store for rule in settings.stores if rule.instance == name}
    magento = ports.magento[Instance(name)]
    if not isinstance(magento, RestOrders):
        return Finding(check, "ok", "not looked at: only Magento's REST tells its store views")
    try:
        codes = await magento.store_codes()
    except UnauthorizedError:
        detail = "not looked at: the integration may not read store views"
        return Finding(check, "ok", detail, "allow Magento_Backend::store to have them compared")
    # Scope 0 is Magento's own, which takes no orders.
    unknown, uncovered = sorted(rules - {"*"} - codes), sorted(codes - rules - {"admin"})
    if unknown:
        detail = f"[[stores]] names {', '.join(unknown)}, which Magento does not know"
        return Finding(check, "failed", detail, "correct `store` in [[stores]]")
    if uncovered and "*" not in rules:
        detail = f"orders of {', '.join(uncovered)} are parked, since no rule is for them"
        return Finding(check, "warning", detail, "add them to [[stores]], or a rule without `store` for all others")
    return Finding(check, "ok", f"{len(codes)} store views, each with a rule")


async def _consumers(settings: Settings) -> Finding:
    names = Names(settings.broker.prefix)
    queues = {names.work(consumer.queue): consumer.queue for consumer in all_consumers()}
    found = await count(settings.broker.url.get_secret_value(), list(queues))
    alone = [f"{queues[each.name]} ({each.messages} waiting)" for each in found if not each.consumers]
    if alone:
        nobody = " ".join(queues[each.name] for each in found if not each.consumers)
        return Finding(
            "broker: consumers", "failed", f"nobody consumes {', '.join(alone)}", f"start `sidecar run {nobody}`"
        )
    waiting = sum(each.messages for each in found)
    return Finding("broker: consumers", "ok", f"each queue has one or more; {waiting} messages wait")


async def _dead_letters(settings: Settings) -> Finding:
    names = Names(settings.broker.prefix)
    queues = {names.dead_letter(consumer.queue): consumer.queue for consumer in all_consumers()}
    found = await count(settings.broker.url.get_secret_value(), list(queues))
    parked = [f"{each.messages} of {queues[each.name]}" for each in found if each.messages]
    if parked:
        return Finding("broker: dead letters", "warning", f"parked: {', '.join(parked)}", "see `sidecar dlq list`")
    return Finding("broker: dead letters", "ok", "none")


async def _permissions(ref: StripeRef, account: StripePayments) -> Finding:
    check = f"stripe {ref}: permissions"
    refused = await account.refused_reads()
    if refused:
        remedy = "give the restricted key what docs/security.md lists"
        return Finding(check, "failed", f"the key may not {'; '.join(refused)}", remedy)
    return Finding(check, "ok", "the key may read what is needed; what it may write shows when it is used")


async def _events(ref: StripeRef, account: StripePayments, ports: OpenPorts) -> Finding:
    """Whether what happened in Stripe lately has been done here."""
    check = f"stripe {ref}: events"
    now = ports.clock.now()
    awaited = awaited_events()
    lately = [
        event
        async for event in account.list_events(now - LOOK_BACK)
        if event.type in awaited and event.created < (now - ON_ITS_WAY).timestamp()
    ]
    undone = frozenset[str]()
    for consumer in all_consumers():
        read = [event.id for event in lately if consumer.reads_stripe_event(event.type)]
        undone |= await ports.store.inbox.missing(consumer.queue, f"/stripe/{ref}", read)
    if undone:
        detail = f"{len(undone)} of {len(lately)} events of the last hour are not done"
        remedy = "webhooks do not arrive, or wait: see the findings about the webhook and the consumers"
        return Finding(check, "warning", detail, remedy)
    return Finding(check, "ok", f"all {len(lately)} events of the last hour are done")


async def _clock(ref: StripeRef, settings: Settings, ports: OpenPorts) -> Finding:
    check = f"stripe {ref}: clock"
    address = settings.stripe[ref.account].base_url or STRIPE
    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            answer = await http.head(address)
    except httpx.HTTPError as error:
        raise TransientError("stripe", "unreachable", type(error).__name__) from None
    theirs = _date(answer.headers.get("date", ""))
    if theirs is None:
        return Finding(check, "ok", "not looked at: the answer carries no date")
    apart = abs(ports.clock.now() - theirs)
    if apart > settings.bridge.tolerance:
        detail = f"{apart.total_seconds():.0f} s apart from Stripe's: every webhook is refused"
        return Finding(check, "failed", detail, "mend this machine's time synchronisation")
    if apart > NOTICEABLE:
        detail = f"{apart.total_seconds():.0f} s apart from Stripe's"
        return Finding(check, "warning", detail, "mend this machine's time synchronisation")
    return Finding(check, "ok", "as Stripe's, to within some seconds")


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


async def _certificates(settings: Settings, ports: OpenPorts) -> Finding:
    targets = targets_of(settings) + await bridge_targets(list(ports.payments.values()))
    worries = [worry for target in targets if (worry := await _worry(target, ports.clock.now())) is not None]
    if worries:
        return Finding("certificates", "warning", "; ".join(worries), "see the runbooks CertificateExpiry, …NotTrusted")
    return Finding("certificates", "ok", _listed([target.name for target in targets]))


async def _worry(target: Target, now: datetime) -> str | None:
    try:
        seen = await read_certificate(target)
    except NoCertificateError as error:
        return f"{target.name} shows none from here ({error})"
    if not seen.trusted:
        return f"{target.name} is not trusted ({seen.why_not})"
    if seen.not_after - now < RENEWED_BY:
        return f"{target.name} ends on {seen.not_after:%Y-%m-%d}"
    return None


def _listed(names: Sequence[str]) -> str:
    return f"good: {', '.join(names)}" if names else "no address with TLS to look at"
