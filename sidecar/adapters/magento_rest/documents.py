"""What Magento's REST answers, as far as it is read."""

from datetime import UTC, datetime
from decimal import Decimal

from pydantic import field_validator

from schemas.contract import ExactDecimal, Frozen
from schemas.ids import MagentoCreditmemoId, MagentoCustomerId, MagentoOrderId
from sidecar.ports.magento import (
    MagentoOrder,
    MagentoStatus,
    OutboxBacklog,
    RefundOutcome,
    RefundWriteBack,
    WriteBack,
    WriteBackOutcome,
)


class PaymentPart(Frozen):
    """The order's payment."""

    method: str
    last_trans_id: str | None = None


class OrderDocument(Frozen):
    """`GET /V1/orders/{id}`. Fields without a value are left out by Magento."""

    entity_id: MagentoOrderId
    increment_id: str
    store_id: int
    state: str
    status: str
    order_currency_code: str
    grand_total: Decimal
    total_paid: Decimal | None = None
    total_refunded: Decimal | None = None
    updated_at: datetime
    payment: PaymentPart
    customer_id: MagentoCustomerId | None = None

    @field_validator("updated_at")
    @classmethod
    def _utc(cls, value: datetime) -> datetime:
        return value.replace(tzinfo=UTC)

    def order(self) -> MagentoOrder:
        """As the port says it."""
        return MagentoOrder(
            order_id=self.entity_id,
            increment_id=self.increment_id,
            store_id=self.store_id,
            state=self.state,
            status=self.status,
            currency=self.order_currency_code,
            grand_total=self.grand_total,
            total_paid=self.total_paid or Decimal(0),
            total_refunded=self.total_refunded or Decimal(0),
            payment_method=self.payment.method,
            updated_at=self.updated_at,
            last_transaction_id=self.payment.last_trans_id,
            customer_id=self.customer_id,
        )


class WriteBackDocument(Frozen):
    """What the module's resources answer."""

    outcome: WriteBackOutcome
    state: str | None = None
    status: str | None = None
    invoice_id: int | None = None
    transaction_id: str | None = None

    def write_back(self) -> WriteBack:
        """As the port says it."""
        return WriteBack.model_validate(self.model_dump())


class RefundDocument(Frozen):
    """What the resources about refunds answer."""

    outcome: RefundOutcome
    state: str | None = None
    status: str | None = None
    creditmemo_id: MagentoCreditmemoId | None = None
    creditmemo_increment_id: str | None = None
    creditmemo_state: str | None = None
    grand_total: ExactDecimal | None = None

    def write_back(self) -> RefundWriteBack:
        """As the port says it."""
        return RefundWriteBack.model_validate(self.model_dump())


class StoreConfig(Frozen):
    """`GET /V1/store/storeConfigs`, one for each store view."""

    code: str


class StatusDocument(Frozen):
    """`GET /V1/sidecar/status`."""

    magento_version: str | None = None
    module_version: str | None = None
    instance: str | None = None
    outbox_pending: int | None = None
    outbox_parked: int | None = None
    outbox_oldest_seconds: int | None = None

    def status(self) -> MagentoStatus:
        """As the port says it."""
        known = self.outbox_pending is not None and self.outbox_parked is not None
        return MagentoStatus(
            version=self.magento_version,
            module_version=self.module_version,
            instance=self.instance,
            outbox=OutboxBacklog(
                pending=self.outbox_pending or 0,
                parked=self.outbox_parked or 0,
                oldest_seconds=self.outbox_oldest_seconds,
            )
            if known
            else None,
        )
