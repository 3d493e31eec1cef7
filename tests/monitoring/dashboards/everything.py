"""All dashboards, as Grafana reads them."""

import json
from collections.abc import Iterator

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from tests.monitoring.dashboards.bridge import bridge
from tests.monitoring.dashboards.business import business
from tests.monitoring.dashboards.pipeline import pipeline

BOARDS = (business, pipeline, bridge)


def written() -> Iterator[tuple[str, str]]:
    """The path of each in the repository, and its JSON."""
    for make in BOARDS:
        yield f"helm/dashboards/{make.__name__}.json", _json(make())


def _json(board: Dashboard) -> str:
    document = json.loads(json.dumps(board.build(), cls=JSONEncoder))
    for number, panel in enumerate(document["panels"], 1):
        panel["id"] = number  # or Grafana gives it another each time, and links to a panel lead nowhere
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
