"""Collects the parts; one that cannot be had says why, and the others come all the same."""

import platform
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from importlib.metadata import distributions, version

import httpx
import orjson

from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.broker_amqp.count import count
from sidecar.adapters.store_sql import MigrationError, level, pending
from sidecar.checks import checks
from sidecar.compose import OpenPorts
from sidecar.discovery import all_consumers
from sidecar.doctor import examine
from sidecar.errors import UpstreamError
from sidecar.observability.build_info import DISTRIBUTION
from sidecar.settings.settings import Settings
from sidecar.support_bundle.redact import Redactor
from sidecar.topology import Names, topology_of
from sidecar.watch.queues import watched

Part = Callable[[], Awaitable[object]]

README = """\
What `sidecar support-bundle` collected at {at}. Secrets, passwords and mail addresses are taken out; look through it
all the same before it leaves the house: host names, store codes and order numbers may be in it.

about.json         versions and platform
settings.json      the settings, secrets masked
doctor.json        what `sidecar doctor` finds
topology.json      what differs on the broker from what this release needs
queues.json        what waits in each queue, and how many consume it
migrations.json    how far the store's schema is
effects.json       effects that were begun and are not done, by kind
dead_letters.json  parked messages, by queue and reason
circuits.json      upstreams that are left alone
cursors.json       up to where Stripe's events have been gone through
metrics-*.txt      the metrics of processes that answered
"""


async def collect(settings: Settings, ports: OpenPorts, metrics: Sequence[str]) -> dict[str, str]:
    """The text of each file, by its name, redacted."""
    redact = Redactor(settings)
    files = {"README.txt": README.format(at=f"{ports.clock.now():%Y-%m-%d %H:%M:%S} UTC")}
    for name, part in _parts(settings, ports).items():
        files[f"{name}.json"] = redact(_json(await _had(part)))
    for number, url in enumerate(metrics, 1):
        files[f"metrics-{number}.txt"] = redact(f"# {url}\n{await _page(url)}")
    return files


def _parts(settings: Settings, ports: OpenPorts) -> Mapping[str, Part]:
    return {
        "about": partial(_about, ports),
        "settings": partial(_settings, settings),
        "doctor": partial(_doctor, settings, ports),
        "topology": partial(_topology, settings),
        "queues": partial(_queues, settings),
        "migrations": partial(_migrations, settings),
        "effects": partial(_effects, ports),
        "dead_letters": partial(_dead_letters, ports),
        "circuits": partial(_circuits, ports),
        "cursors": partial(_cursors, ports),
    }


async def _had(part: Part) -> object:
    try:
        return await part()
    except (UpstreamError, MigrationError) as error:
        return {"not_had": str(error)}


async def _about(ports: OpenPorts) -> object:
    installed = {each.metadata["Name"]: each.version for each in distributions()}
    return {
        "sidecar": version(DISTRIBUTION),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "collected_at": ports.clock.now(),
        "consumers": [consumer.queue for consumer in all_consumers()],
        "packages": dict(sorted(installed.items())),
    }


async def _settings(settings: Settings) -> object:
    return settings.model_dump()  # JSON as pydantic makes it asks each secret for its length


async def _doctor(settings: Settings, ports: OpenPorts) -> object:
    return [asdict(finding) async for finding in examine(checks(settings, ports))]


async def _topology(settings: Settings) -> object:
    topology = topology_of(all_consumers(), settings.broker.prefix)
    differences = await declare.diff(settings.broker.url.get_secret_value(), topology)
    return [asdict(each) | {"remedy": each.remedy} for each in differences]


async def _queues(settings: Settings) -> object:
    known = watched(all_consumers(), Names(settings.broker.prefix))
    found = await count(settings.broker.url.get_secret_value(), list(known))
    return [asdict(known[each.name]) | {"messages": each.messages, "consumers": each.consumers} for each in found]


async def _migrations(settings: Settings) -> object:
    url = settings.store.url.get_secret_value()
    return {"level": await level(url), "pending": await pending(url)}


async def _effects(ports: OpenPorts) -> object:
    return [asdict(each) for each in await ports.store.ledger.unfinished()]


async def _dead_letters(ports: OpenPorts) -> object:
    return [asdict(each) for each in await ports.store.parked.summaries()]


async def _circuits(ports: OpenPorts) -> object:
    return {name: asdict(circuit) for name, circuit in (await ports.store.circuits.read()).items()}


async def _cursors(ports: OpenPorts) -> object:
    return {str(ref): await ports.store.cursors.get(f"events:{ref}") for ref in ports.payments}


async def _page(url: str) -> str:
    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            answer = await http.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"# not had: {type(error).__name__}\n"
    return answer.text if answer.is_success else f"# not had: status {answer.status_code}\n"


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=_plain).decode() + "\n"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
