"""Magento's own books, read in bulk: what a reconciliation holds against Stripe. Bound to one instance."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, Protocol

from schemas.contract import Frozen
from schemas.ids import Instance, MagentoCreditmemoId, MagentoOrderId
from sidecar.ports.magento import MagentoOrder

MemoState = Literal["open", "refunded", "canceled"]
MEMO_STATES: Final[dict[int, MemoState]] = {1: "open", 2: "refunded", 3: "canceled"}
"""What the numbers in `sales_creditmemo.state` mean (`Magento\\Sales\\Model\\Order\\Creditmemo::STATE_…`)."""


class BookedMemo(Frozen):
    """A credit memo as Magento has it now; amounts in order currency.

    Attributes:
        transaction_id: the (first) refund that it stands for, once that is known.
    """

    creditmemo_id: MagentoCreditmemoId
    order_id: MagentoOrderId
    state: MemoState
    currency: str
    grand_total: Decimal
    transaction_id: str | None = None
    updated_at: datetime


class MagentoBooks(Protocol):
    """The instance's books. Every method raises what `sidecar.ports.magento.MagentoOrders` lists."""

    @property
    def instance(self) -> Instance:
        """Which instance this is."""
        ...

    def orders_updated_since(self, since: datetime) -> AsyncIterator[MagentoOrder]:
        """Every order that changed since then, whatever it is paid by, oldest id first."""
        ...

    async def orders(self, ids: Sequence[MagentoOrderId]) -> tuple[MagentoOrder, ...]:
        """Those of the orders that exist."""
        ...

    async def creditmemos(self, ids: Sequence[MagentoOrderId]) -> tuple[BookedMemo, ...]:
        """Every credit memo of these orders."""
        ...
