"""Who may do what on the broker: a user for each part of the product, with no more than that part needs.

Sources: rabbitmq.com/docs/access-control (what each operation asks for), rabbitmq.com/docs/definitions,
rabbitmq.com/docs/passwords (how a password is hashed), rabbitmq.com/docs/clustering (leaders of queues).
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemas.catalog import CATALOG
from sidecar.consumer import Consumer
from sidecar.retry import LADDER
from sidecar.topology import Names, Topology

NOTHING = "^$"
DEFAULT_EXCHANGE = "amq.default"
"""How permissions call the exchange without a name, by which a message is put into one queue and no other."""


@dataclass(frozen=True, slots=True)
class BrokerUser:
    """A user, with the names that it may configure, write to and read from, as regular expressions.

    Attributes:
        name: with the prefix of the topology before it.
        role: the part of the product, which is also the name of its password's file.
    """

    name: str
    role: str
    configure: str = NOTHING
    write: str = NOTHING
    read: str = NOTHING
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """What a broker is told about queues beside their arguments; it may be changed while they are in use."""

    name: str
    pattern: str
    priority: int
    definition: Mapping[str, str | int]


def users_of(consumers: Sequence[Consumer], prefix: str = "") -> tuple[BrokerUser, ...]:
    """The users that these consumers and the processes around them need."""
    names = Names(prefix)
    exchanges = {each.exchange: names.exchange(each.exchange) for each in CATALOG.values()}
    ours = f"^{re.escape(prefix)}.*"
    moving = [names.dead_letter_exchange(), names.surplus_exchange(), *(names.retry(rung) for rung in LADDER)]

    def user(role: str, *, tags: tuple[str, ...] = (), **allowed: Iterable[str]) -> BrokerUser:
        return BrokerUser(
            f"{prefix}sidecar-{role}", role, tags=tags, **{name: _exactly(each) for name, each in allowed.items()}
        )

    return (
        user("module", write=[exchanges["magento.events"]]),
        user("bridge", write=[exchanges["stripe.events"]]),
        user(
            "consumers",
            write=[exchanges["commerce.events"], *moving],
            read=[name(consumer.queue) for consumer in consumers for name in (names.work, names.surplus)],
        ),
        user(
            "timers",
            write=[exchanges["commerce.events"], exchanges["stripe.events"]],
            read=[names.dead_letter(consumer.queue) for consumer in consumers],
        ),
        # Also of what the next release brings: it declares its queues with the permissions that this one gave.
        BrokerUser(
            f"{prefix}sidecar-setup",
            "setup",
            configure=ours,
            write=f"{ours}|^{re.escape(DEFAULT_EXCHANGE)}$",
            read=ours,
        ),
        user("watch", tags=("monitoring",)),
    )


def policies_of(topology: Topology, prefix: str = "") -> tuple[QueuePolicy, ...]:
    """Spread the leaders of queues over a cluster."""
    queues = [queue.name for queue in topology.queues]
    return (QueuePolicy(f"{prefix}sidecar-queues", _exactly(queues), 1, {"queue-leader-locator": "balanced"}),)


def password_hash(password: str, salt: bytes | None = None) -> str:
    """What RabbitMQ keeps instead of a password: a salt of four bytes, and SHA-256 over it and the password."""
    salt = secrets.token_bytes(4) if salt is None else salt
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def access_definitions(
    users: Sequence[BrokerUser], vhost: str = "/", hashes: Mapping[str, str] | None = None
) -> dict[str, object]:
    """The users and their permissions in RabbitMQ's own format.

    Args:
        users: see `users_of`.
        vhost: the virtual host that the permissions are for.
        hashes: the hash of the password, by role. A user without one cannot log in by a password.
    """
    hashes = hashes or {}
    return {
        "users": [
            {
                "name": user.name,
                "password_hash": hashes.get(user.role, ""),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": list(user.tags),
            }
            for user in users
        ],
        "permissions": [
            {"user": user.name, "vhost": vhost, "configure": user.configure, "write": user.write, "read": user.read}
            for user in users
        ],
    }


def policy_definitions(policies: Sequence[QueuePolicy], vhost: str = "/") -> dict[str, object]:
    """The policies in RabbitMQ's own format."""
    return {
        "policies": [
            {
                "vhost": vhost,
                "name": policy.name,
                "pattern": policy.pattern,
                "apply-to": "queues",
                "priority": policy.priority,
                "definition": dict(policy.definition),
            }
            for policy in policies
        ]
    }


def _exactly(names: Iterable[str]) -> str:
    return f"^({'|'.join(re.escape(name) for name in names)})$"
