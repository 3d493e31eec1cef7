"""The ports, in one hand: what a handler and an effect may reach."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from schemas.ids import Instance
from sidecar.policy import Policies
from sidecar.ports.clock import Clock
from sidecar.ports.magento import MagentoDirectory
from sidecar.ports.magento_customers import MagentoCustomers, MagentoCustomersDirectory
from sidecar.ports.payments import PaymentsDirectory
from sidecar.ports.publisher import Publisher
from sidecar.ports.store import Store

NOBODY: Mapping[Instance, MagentoCustomers] = MappingProxyType({})
"""No instance's customers can be reached."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside, by its Protocol."""

    store: Store
    payments: PaymentsDirectory
    magento: MagentoDirectory
    publisher: Publisher
    policies: Policies
    clock: Clock
    magento_customers: MagentoCustomersDirectory = field(default_factory=lambda: NOBODY)
