"""Looks at how much waits in each queue of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sidecar.adapters.broker_amqp.count import QueueCount, count
from sidecar.consumer import Consumer
from sidecar.observability.queue_metrics import QueueMetrics
from sidecar.retry import LADDER
from sidecar.topology import Names

Kind = Literal["work", "surplus", "dead_letter", "retry", "unrouted"]


@dataclass(frozen=True, slots=True)
class Watched:
    """A queue by its short name."""

    queue: str
    kind: Kind


def watched(consumers: Sequence[Consumer], names: Names) -> dict[str, Watched]:
    """Every queue that `sidecar topology apply` makes, by its full name."""
    work = {names.work(each.queue): Watched(each.queue, "work") for each in consumers}
    surplus = {names.surplus(each.queue): Watched(each.queue, "surplus") for each in consumers}
    dead = {names.dead_letter(each.queue): Watched(each.queue, "dead_letter") for each in consumers}
    ladder = {names.retry(rung): Watched(rung.name, "retry") for rung in LADDER}
    return work | surplus | dead | ladder | {names.unrouted(): Watched("unrouted", "unrouted")}


async def look_at_queues(url: str, queues: Mapping[str, Watched], metrics: QueueMetrics) -> list[QueueCount]:
    """Count them and show it; gives the counts.

    Raises:
        TransientError: the broker is away; what was shown last stays.
    """
    counts = await count(url, list(queues))
    for each in counts:
        about = queues[each.name]
        metrics.messages.labels(about.queue, about.kind).set(each.messages)
        if about.kind == "work":
            metrics.consumers.labels(about.queue).set(each.consumers)
    return counts
