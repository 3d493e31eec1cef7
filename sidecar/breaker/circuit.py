"""The circuit of one upstream: a state machine without a clock, shared by all replicas.

`closed`: calls go. `open`: none goes until `retry_at`. `half_open`: one replica makes one call at a time, to see
whether the upstream is back.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NewType

from schemas.ids import Instance, StripeRef
from sidecar.breaker.policy import BreakerPolicy

CircuitName = NewType("CircuitName", str)
"""Which upstream: `stripe:main/live`, `magento-rest:shop`, `magento-db:shop`."""

STORE_CIRCUIT = CircuitName("store")
"""The sidecar's own database. Each process keeps it for itself, since it cannot be kept there."""

State = Literal["closed", "open", "half_open"]


def stripe_circuit(stripe: StripeRef) -> CircuitName:
    """The circuit of a Stripe account, in one mode."""
    return CircuitName(f"stripe:{stripe}")


def magento_circuit(instance: Instance, adapter: Literal["rest", "db"]) -> CircuitName:
    """The circuit of a Magento instance, by the way it is reached."""
    return CircuitName(f"magento-{adapter}:{instance}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """One circuit at a moment.

    Attributes:
        version: how often it has changed; a change is accepted only of the newest.
        opened: how often it has opened without having been quiet in between.
        reason: the code of the error that opened it last.
        changed_at: when it came into this state; None when it never left the first.
        retry_at: while open, when it may be probed; while half open, when the probe counts as lost.
        probe_by: the replica that probes.
    """

    name: CircuitName
    version: int = 0
    state: State = "closed"
    opened: int = 0
    reason: str = ""
    changed_at: datetime | None = None
    retry_at: datetime | None = None
    probe_by: str | None = None

    def trip(self, reason: str, now: datetime, policy: BreakerPolicy, jitter: float) -> "Circuit":
        """Open: for longer each time, until it has been quiet.

        Args:
            reason: the error's code.
            now: the time.
            policy: how long.
            jitter: 0 to 1: how much of the policy's share the time is shortened by.
        """
        quiet = self.state == "closed" and self.changed_at is not None and now - self.changed_at >= policy.quiet
        opened = 1 if quiet else self.opened + 1
        return replace(
            self,
            version=self.version + 1,
            state="open",
            opened=opened,
            reason=reason[:64],
            changed_at=now,
            retry_at=now + policy.open_for(opened, jitter),
            probe_by=None,
        )

    def claim(self, replica: str, now: datetime, policy: BreakerPolicy) -> "Circuit | None":
        """Half open for this replica, if it is time; else None."""
        if self.state == "closed" or not self.is_due(now, policy):
            return None
        return replace(
            self,
            version=self.version + 1,
            state="half_open",
            changed_at=now,
            retry_at=now + policy.probe_patience,
            probe_by=replica,
        )

    def close(self, now: datetime) -> "Circuit":
        """The upstream answers."""
        return replace(self, version=self.version + 1, state="closed", changed_at=now, retry_at=None, probe_by=None)

    def is_due(self, now: datetime, policy: BreakerPolicy) -> bool:
        """Whether the wait is over. One longer than any was written by a clock that is ahead of ours: it is over."""
        if self.retry_at is None:
            return True
        left = self.retry_at - now
        return left <= timedelta() or left > max(policy.longest_open, policy.probe_patience)

    def left(self, now: datetime, policy: BreakerPolicy) -> timedelta:
        """How long to wait before asking again; never longer than the policy ever waits."""
        if self.retry_at is None:
            return timedelta()
        return min(max(self.retry_at - now, timedelta()), max(policy.longest_open, policy.probe_patience))
