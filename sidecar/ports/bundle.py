"""The ports, in one hand: what a handler and an effect may reach."""

from dataclasses import dataclass

from sidecar.policy import Policies
from sidecar.ports.clock import Clock
from sidecar.ports.magento import MagentoDirectory
from sidecar.ports.payments import PaymentsDirectory
from sidecar.ports.publisher import Publisher
from sidecar.ports.store import Store


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside, by its Protocol."""

    store: Store
    payments: PaymentsDirectory
    magento: MagentoDirectory
    publisher: Publisher
    policies: Policies
    clock: Clock
