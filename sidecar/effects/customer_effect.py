"""What effects that are done for a customer account have in common."""

from typing_extensions import override

from schemas.ids import CustomerRef
from sidecar.effects.effect import Effect


class CustomerEffect(Effect):
    """An effect for one customer account of Magento's.

    Attributes:
        customer: the account it is done for.
    """

    customer: CustomerRef

    @property
    @override
    def subject(self) -> CustomerRef:
        return self.customer
