"""What the broker holds: exchanges, queues and bindings, all derived from the contracts and the consumers.

Sources: rabbitmq.com/docs/quorum-queues (delivery limit, at-least-once dead-lettering), rabbitmq.com/docs/ttl,
rabbitmq.com/docs/ae (alternate exchanges).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from schemas.catalog import CATALOG, Contract, Exchange
from schemas.stripe.event_v1 import StripeEventV1
from sidecar.consumer import Consumer
from sidecar.retry import LADDER, Rung

Argument = str | int
DELIVERY_LIMIT = 20
"""A message that takes its consumer down this often is dead-lettered by the broker itself."""

NO_DELIVERY_LIMIT = 2_000_000_000
"""Of a dead-letter queue: looking at a message counts as a delivery that failed, and RabbitMQ 4 throws one away after
20 unless it is told another number (rabbitmq.com/docs/quorum-queues#poison-message-handling). -1, which means none, is
refused by RabbitMQ 3."""

UNROUTED_TTL = timedelta(days=7)
UNROUTED_MAX_LENGTH = 100_000

DEAD_LETTER_EXCHANGE = "sidecar.dead-letter"
SURPLUS_EXCHANGE = "sidecar.surplus"
UNROUTED = "sidecar.unrouted"
"""Events of the shop that nobody reads yet: kept a week, so that a queue bound tomorrow misses little.

Commerce events come here when no queue takes them, Magento's by a binding for each contract that no consumer reads.
So every contract of Magento's has a queue, and an event that its relay gets back means that the topology is missing.
"""


@dataclass(frozen=True, slots=True)
class ExchangeDeclaration:
    """A durable exchange."""

    name: str
    type: Literal["topic", "direct", "fanout"]
    arguments: Mapping[str, Argument] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueueDeclaration:
    """A durable quorum queue.

    Attributes:
        dead_letters_of: the work queue, without the prefix, whose dead letters lie here.
    """

    name: str
    arguments: Mapping[str, Argument]
    dead_letters_of: str | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """What goes from an exchange into a queue."""

    exchange: str
    queue: str
    routing_key: str


@dataclass(frozen=True, slots=True)
class Names:
    """How things are called on the broker; `prefix` keeps several sidecars on one broker apart."""

    prefix: str = ""

    def exchange(self, exchange: Exchange) -> str:
        """A topic exchange of the catalog."""
        return f"{self.prefix}{exchange}"

    def work(self, queue: str) -> str:
        """A consumer's work queue."""
        return f"{self.prefix}{queue}"

    def surplus(self, queue: str) -> str:
        """Where the surplus of a busy store waits out of the others' way."""
        return f"{self.prefix}{queue}.surplus"

    def surplus_exchange(self) -> str:
        """The exchange that leads to the surplus queues, by the work queue's name."""
        return f"{self.prefix}{SURPLUS_EXCHANGE}"

    def dead_letter(self, queue: str) -> str:
        """Its dead-letter queue."""
        return f"{self.prefix}{queue}.dead-letter"

    def dead_letter_exchange(self) -> str:
        """The exchange that leads to the dead-letter queues, by the work queue's name."""
        return f"{self.prefix}{DEAD_LETTER_EXCHANGE}"

    def retry(self, rung: Rung) -> str:
        """A rung of the ladder: the name of its exchange and of its queue."""
        return f"{self.prefix}sidecar.retry.{rung.name}"

    def unrouted(self) -> str:
        """Where the events wait that nobody reads yet."""
        return f"{self.prefix}{UNROUTED}"


@dataclass(frozen=True, slots=True)
class Topology:
    """All of it.

    Attributes:
        retired: bindings that an earlier release may have left: what nobody read is read now, and would pile up twice.
    """

    exchanges: tuple[ExchangeDeclaration, ...]
    queues: tuple[QueueDeclaration, ...]
    bindings: tuple[Binding, ...]
    retired: tuple[Binding, ...] = ()

    def definitions(self, vhost: str = "/") -> dict[str, object]:
        """RabbitMQ's own format, to be imported through its management API (rabbitmq.com/docs/definitions)."""
        common = {"vhost": vhost, "durable": True, "auto_delete": False}
        return {
            "exchanges": [
                common | {"name": e.name, "type": e.type, "internal": False, "arguments": dict(e.arguments)}
                for e in self.exchanges
            ],
            "queues": [common | {"name": q.name, "arguments": dict(q.arguments)} for q in self.queues],
            "bindings": [
                {
                    "vhost": vhost,
                    "source": b.exchange,
                    "destination": b.queue,
                    "destination_type": "queue",
                    "routing_key": b.routing_key,
                    "arguments": {},
                }
                for b in self.bindings
            ],
        }


def topology_of(consumers: Sequence[Consumer], prefix: str = "") -> Topology:
    """What these consumers need."""
    names = Names(prefix)
    exchanges = [_topic(exchange, names) for exchange in sorted({each.exchange for each in CATALOG.values()})]
    exchanges.append(ExchangeDeclaration(names.dead_letter_exchange(), "direct"))
    exchanges.append(ExchangeDeclaration(names.surplus_exchange(), "direct"))
    exchanges.append(ExchangeDeclaration(names.unrouted(), "fanout"))
    queues = [_unrouted(names)]
    bindings = [Binding(names.unrouted(), names.unrouted(), "")]
    for rung in LADDER:
        exchanges.append(ExchangeDeclaration(names.retry(rung), "fanout"))
        queues.append(_rung(rung, names))
        bindings.append(Binding(names.retry(rung), names.retry(rung), ""))
    for consumer in consumers:
        work, dead = names.work(consumer.queue), names.dead_letter(consumer.queue)
        surplus = names.surplus(consumer.queue)
        queues += [_work(work, work, names), _work(surplus, work, names), _dead_letter(dead, consumer.queue)]
        bindings.append(Binding(names.dead_letter_exchange(), dead, work))
        bindings.append(Binding(names.surplus_exchange(), surplus, work))
        by_model = {contract.model: contract for contract in CATALOG.values()}
        for model in consumer.contracts:
            contract = by_model[model]
            bindings += [
                Binding(names.exchange(contract.exchange), work, key) for key in _routing_keys(consumer, contract)
            ]
    read = {model for consumer in consumers for model in consumer.contracts}
    of_magento = [each for each in CATALOG.values() if each.exchange == "magento.events"]
    left = {
        each.model: Binding(names.exchange(each.exchange), names.unrouted(), each.routing_key) for each in of_magento
    }
    bindings += [binding for model, binding in left.items() if model not in read]
    retired = [binding for model, binding in left.items() if model in read]
    return Topology(tuple(exchanges), tuple(queues), tuple(bindings), tuple(retired))


def _routing_keys(consumer: Consumer, contract: Contract) -> list[str]:
    """What a consumer's queue is bound to for one of its contracts: of Stripe's events, only those that it needs."""
    if contract.model is not StripeEventV1 or consumer.takes_other_stripe_events:
        return [contract.routing_key]
    return [f"*.*.{event_type}" for event_type in sorted(consumer.stripe_events)]


def _topic(exchange: Exchange, names: Names) -> ExchangeDeclaration:
    arguments = {"alternate-exchange": names.unrouted()} if exchange == "commerce.events" else {}
    return ExchangeDeclaration(names.exchange(exchange), "topic", arguments)


def _work(name: str, work: str, names: Names) -> QueueDeclaration:
    return QueueDeclaration(
        name,
        {
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": names.dead_letter_exchange(),
            "x-dead-letter-routing-key": work,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )


def _dead_letter(name: str, of: str) -> QueueDeclaration:
    return QueueDeclaration(name, {"x-queue-type": "quorum", "x-delivery-limit": NO_DELIVERY_LIMIT}, of)


def _rung(rung: Rung, names: Names) -> QueueDeclaration:
    # To the default exchange, under the key that the message came with: the name of its work queue.
    return QueueDeclaration(
        names.retry(rung),
        {
            "x-queue-type": "quorum",
            "x-message-ttl": int(rung.wait.total_seconds() * 1000),
            "x-dead-letter-exchange": "",
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )


def _unrouted(names: Names) -> QueueDeclaration:
    return QueueDeclaration(
        names.unrouted(),
        {
            "x-queue-type": "quorum",
            "x-message-ttl": int(UNROUTED_TTL.total_seconds() * 1000),
            "x-max-length": UNROUTED_MAX_LENGTH,
        },
    )
