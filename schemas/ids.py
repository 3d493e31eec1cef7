"""Names of things, each with its own type so that one cannot stand for another."""

from typing import Annotated, ClassVar, Literal, NewType

from pydantic import Field
from typing_extensions import override

from schemas.contract import Frozen

Instance = NewType("Instance", str)
"""A Magento installation, as the settings name it."""
MagentoOrderId = NewType("MagentoOrderId", int)
"""`sales_order.entity_id`: unique in an instance, which an increment id is not."""
MagentoCustomerId = NewType("MagentoCustomerId", int)
"""`customer_entity.entity_id`: unique in an instance."""
MagentoCreditmemoId = NewType("MagentoCreditmemoId", int)
"""`sales_creditmemo.entity_id`: unique in an instance."""
AccountAlias = NewType("AccountAlias", str)
"""A Stripe account, as the settings name it: it is part of the webhook address."""

CustomerId = NewType("CustomerId", str)
"""A Stripe Customer, `cus_…`."""
PaymentMethodId = NewType("PaymentMethodId", str)
PaymentIntentId = NewType("PaymentIntentId", str)
ChargeId = NewType("ChargeId", str)
RefundId = NewType("RefundId", str)
CheckoutSessionId = NewType("CheckoutSessionId", str)
EventId = NewType("EventId", str)

Mode = Literal["test", "live"]
"""Stripe keeps test and live apart; so does everything that is linked to it."""

NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,31}$"
"""What a name chosen in the settings looks like; it appears in addresses, routing keys and labels."""
InstanceName = Annotated[Instance, Field(pattern=NAME_PATTERN)]
AccountName = Annotated[AccountAlias, Field(pattern=NAME_PATTERN)]


class OrderRef(Frozen):
    """Which order: the only key by which the sidecar keeps anything about an order."""

    kind: ClassVar[Literal["order"]] = "order"

    instance: InstanceName
    order_id: MagentoOrderId

    @override
    def __str__(self) -> str:
        """The form that appears in effect keys, logs and the CLI."""
        return f"{self.instance}/{self.order_id}"


class CustomerRef(Frozen):
    """Which customer account of Magento: the only key by which the sidecar keeps anything about a customer."""

    kind: ClassVar[Literal["customer"]] = "customer"

    instance: InstanceName
    customer_id: MagentoCustomerId

    @override
    def __str__(self) -> str:
        """The form that appears in effect keys, logs and the CLI; no order looks like it."""
        return f"{self.instance}/customer/{self.customer_id}"


class StripeRef(Frozen):
    """Which Stripe account, and whether its test or its live side."""

    account: AccountName
    mode: Mode

    @override
    def __str__(self) -> str:
        """The form that appears in logs and labels."""
        return f"{self.account}/{self.mode}"


class StripeCustomerRef(Frozen):
    """Which Stripe Customer, where it stands for nobody in Magento yet."""

    kind: ClassVar[Literal["stripe_customer"]] = "stripe_customer"

    stripe: StripeRef
    customer: CustomerId

    @override
    def __str__(self) -> str:
        """The form that appears in effect keys and logs."""
        return f"{self.stripe}/{self.customer}"


Subject = OrderRef | CustomerRef | StripeCustomerRef
"""What something is done for: the ledger, the timeline and the locks are kept by it."""
