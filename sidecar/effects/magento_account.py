"""What effects on customer accounts in Magento have in common."""

from schemas.ids import Instance
from sidecar.errors import RefusedError
from sidecar.ports.bundle import Ports
from sidecar.ports.magento_customers import MagentoCustomers


def accounts_of(instance: Instance, ports: Ports) -> MagentoCustomers:
    """The instance's customers.

    Raises:
        RefusedError: they are not reached by REST, and nothing else may write them.
    """
    if instance not in ports.magento_customers:
        detail = f"accounts are only written by REST: set adapter = 'rest' in [magento.{instance}]"
        raise RefusedError("magento", "needs_rest", detail)
    return ports.magento_customers[instance]
