"""`sidecar.ports.magento.MagentoOrders` over REST."""

from schemas.contract import Frozen
from schemas.ids import Instance, MagentoCreditmemoId, MagentoOrderId, PaymentIntentId, StripeRef
from sidecar.adapters.magento_rest.client import MagentoClient
from sidecar.adapters.magento_rest.documents import (
    OrderDocument,
    RefundDocument,
    StatusDocument,
    StoreConfig,
    WriteBackDocument,
)
from sidecar.errors import NotFoundError, RefusedError
from sidecar.ports.magento import (
    CreditmemoRefund,
    Hold,
    MagentoOrder,
    MagentoStatus,
    PaymentDetails,
    PaymentFailure,
    PaymentLink,
    RefundWriteBack,
    StripeRefund,
    WriteBack,
    WriteBackOutcome,
)

GOES_ON = frozenset(("processing", "complete", "closed"))
"""States of an order that has been invoiced."""


class RestOrders:
    """The orders of one instance; see the port for what each method means."""

    def __init__(self, instance: Instance, client: MagentoClient) -> None:
        self._instance = instance
        self._client = client

    @property
    def instance(self) -> Instance:
        """Which instance this is."""
        return self._instance

    async def read_order(self, order: MagentoOrderId) -> MagentoOrder:
        """`GET /V1/orders/{id}`."""
        return (await self._client.get(f"orders/{order}", OrderDocument)).order()

    async def record_authorization(self, order: MagentoOrderId, payment: PaymentDetails) -> WriteBack:
        """`POST /V1/sidecar/orders/{id}/authorization`."""
        return await self._write(order, "authorization", {"payment": _of_account(payment, payment.stripe)})

    async def record_capture(self, order: MagentoOrderId, payment: PaymentDetails) -> WriteBack:
        """`POST /V1/sidecar/orders/{id}/capture`."""
        return await self._write(order, "capture", {"payment": _of_account(payment, payment.stripe)})

    async def record_payment_failure(self, order: MagentoOrderId, failure: PaymentFailure) -> WriteBack:
        """`POST /V1/sidecar/orders/{id}/payment-failure`."""
        return await self._write(order, "payment-failure", {"failure": _body(failure)})

    async def record_payment_link(self, order: MagentoOrderId, link: PaymentLink) -> WriteBack:
        """`POST /V1/sidecar/orders/{id}/payment-link`. The client secret leaves the sidecar here, and only here."""
        body = _body(link)
        if link.client_secret is not None:
            body["client_secret"] = link.client_secret.get_secret_value()
        return await self._write(order, "payment-link", {"link": body})

    async def hold_order(self, order: MagentoOrderId, hold: Hold) -> WriteBack:
        """`POST /V1/sidecar/orders/{id}/hold`."""
        return await self._write(order, "hold", {"hold": _body(hold)})

    async def reopen_order(self, order: MagentoOrderId, payment_intent: PaymentIntentId) -> WriteBack:
        """`POST /V1/sidecar/orders/{id}/reopen`."""
        reason = "A payment landed after the order had been cancelled."
        return await self._write(order, "reopen", {"reopen": {"payment_intent_id": payment_intent, "reason": reason}})

    async def cancel_order(self, order: MagentoOrderId, comment: str) -> WriteBack:
        """`POST /V1/orders/{id}/cancel`, which answers `false` for an order that it does not cancel.

        The order is looked at before, since one that is cancelled already must not be told a second time why, and
        after a `false`.
        """
        seen = await self.read_order(order)
        if seen.state == "canceled":
            return _seen(seen, "already_applied")
        if not await self._client.post(f"orders/{order}/cancel", None, bool):
            seen = await self.read_order(order)
            return _seen(seen, "already_applied" if seen.state == "canceled" else "not_payable")
        await self.add_comment(order, comment)
        return WriteBack(outcome="applied", state="canceled", status="canceled")

    async def accept_without_payment(self, order: MagentoOrderId) -> WriteBack:
        """`POST /V1/order/{id}/invoice`, which Magento refuses the second time: so the order is looked at as well."""
        seen = await self.read_order(order)
        outcome = _went_on(seen)
        if outcome is None:
            try:
                await self._client.post_for_nothing(f"order/{order}/invoice", {"capture": False, "notify": False})
            except NotFoundError:
                raise
            except RefusedError:
                seen = await self.read_order(order)
                outcome = _went_on(seen)
                if outcome is None:
                    raise
            else:
                seen, outcome = await self.read_order(order), "applied"
        return _seen(seen, outcome)

    async def add_comment(self, order: MagentoOrderId, comment: str) -> None:
        """`POST /V1/orders/{id}/comments`, which wants a status: the order's own is given."""
        seen = await self.read_order(order)
        history = {
            "comment": comment,
            "is_customer_notified": 0,
            "is_visible_on_front": 0,
            "parent_id": order,
            "status": seen.status,
        }
        await self._client.post_for_nothing(f"orders/{order}/comments", {"statusHistory": history})

    async def record_refund(self, order: MagentoOrderId, refund: StripeRefund) -> RefundWriteBack:
        """`POST /V1/sidecar/refunds`."""
        body = _of_account(refund, refund.stripe) | {"order_id": order}
        return (await self._client.post("sidecar/refunds", {"refund": body}, RefundDocument)).write_back()

    async def record_creditmemo_refund(
        self, creditmemo: MagentoCreditmemoId, refund: CreditmemoRefund
    ) -> RefundWriteBack:
        """`POST /V1/sidecar/creditmemos/{id}/refund`."""
        path = f"sidecar/creditmemos/{creditmemo}/refund"
        body: dict[str, object] = {"refund": _of_account(refund, refund.stripe)}
        return (await self._client.post(path, body, RefundDocument)).write_back()

    async def republish(self, order: MagentoOrderId) -> WriteBack:
        """`POST /V1/sidecar/orders/{id}/republish`."""
        return (await self._client.post(f"sidecar/orders/{order}/republish", None, WriteBackDocument)).write_back()

    async def status(self) -> MagentoStatus:
        """`GET /V1/sidecar/status`."""
        return (await self._client.get("sidecar/status", StatusDocument)).status()

    async def store_codes(self) -> frozenset[str]:
        """`GET /V1/store/storeConfigs`: the codes of all store views. Needs `Magento_Backend::store`."""
        return frozenset(each.code for each in await self._client.get("store/storeConfigs", tuple[StoreConfig, ...]))

    async def _write(self, order: MagentoOrderId, resource: str, body: dict[str, object]) -> WriteBack:
        path = f"sidecar/orders/{order}/{resource}"
        return (await self._client.post(path, body, WriteBackDocument)).write_back()


def _went_on(seen: MagentoOrder) -> WriteBackOutcome | None:
    """What has become of an order that costs nothing; None while it waits."""
    if seen.state == "canceled":
        return "order_canceled"
    return "already_applied" if seen.state in GOES_ON else None


def _seen(order: MagentoOrder, outcome: WriteBackOutcome) -> WriteBack:
    return WriteBack(outcome=outcome, state=order.state, status=order.status)


def _body(value: Frozen) -> dict[str, object]:
    return value.model_dump(mode="json", exclude_none=True, exclude={"client_secret"})


def _of_account(value: Frozen, stripe: StripeRef) -> dict[str, object]:
    fields = value.model_dump(mode="json", exclude_none=True, exclude={"stripe"})
    return {name: field for name, field in fields.items() if field != []} | {
        "account": stripe.account,
        "mode": stripe.mode,
    }
