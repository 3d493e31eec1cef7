"""What somebody wants to see of a run that went wrong: how far everything is, beside the logs."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
from aiormq.exceptions import AMQPError

from tests.chaos.ending import unpublished, waiting
from tests.chaos.in_hand import in_hand
from tests.chaos.oracle.violation import Violation
from tests.chaos.stage import Theatre
from tests.chaos.watch import rows_of

UNSETTLED = (
    "SELECT o.entity_id, o.state, o.status, p.additional_information FROM sales_order o"
    " JOIN sales_order_payment p ON p.parent_id = o.entity_id WHERE o.state IN ('new', 'pending_payment')"
)
OPEN = "SELECT effect_key, state, attempts, last_error FROM effect_ledger WHERE state <> 'done'"
CIRCUITS = "SELECT name, state, reason FROM circuits"
STORY = "SELECT order_id, at, source, kind, summary FROM timeline WHERE order_id IN ({}) ORDER BY id DESC LIMIT 200"


async def dump(theatre: Theatre, violations: Sequence[Violation], keep: Path) -> None:
    """Copy the logs into this folder, and write beside them what is wrong and how everything stands (`state.json`)."""
    shop, store = theatre.stage.magento_database_url, theatre.stage.store_url
    unsettled = await rows_of(shop, UNSETTLED)
    numbers = ", ".join(str(row[0]) for row in unsettled) or "0"
    state = {
        "violations": [f"{each.rule}: {each.subject}: {each.text}" for each in violations],
        "orders that are not settled": unsettled,
        "effects that are not done": await rows_of(store, OPEN),
        "circuits": await rows_of(store, CIRCUITS),
        "the latest of what happened to them": await rows_of(store, STORY.format(numbers)),
        "messages that wait": await _waiting(theatre),
        "messages in hand": {each.name: await _in_hand(each.url) for each in theatre.consumers},
        "events that Magento has not published": await unpublished(shop),
    }
    _write(theatre.stage.folder, state, keep)


def _write(folder: Path, state: Mapping[str, object], keep: Path) -> None:
    keep.mkdir(parents=True, exist_ok=True)
    for log in folder.glob("*.log"):
        shutil.copy(log, keep / log.name)
    (keep / "state.json").write_text(json.dumps(state, indent=2, default=str))


async def _waiting(theatre: Theatre) -> dict[str, int] | str:
    try:
        return await waiting(theatre.stage.broker_url)
    except (AMQPError, OSError) as error:
        return str(error)


async def _in_hand(url: str | None) -> dict[str, int] | str:
    try:
        async with httpx.AsyncClient(trust_env=False) as http:
            return await in_hand(url, http)
    except httpx.HTTPError as error:
        return type(error).__name__
