"""Say something in the order's history."""

from typing_extensions import override

from sidecar.effects.magento_effect import MagentoEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import WriteBack


class AddComment(MagentoEffect):
    """Adds a line to the order's history.

    Magento keeps no key for a comment, so one whose outcome stayed unknown may appear twice: words, not money.

    Attributes:
        about: what the comment is about; with the order, its key.
    """

    about: str
    comment: str

    @property
    @override
    def key(self) -> str:
        return self._key("comment", self.about)

    @property
    @override
    def summary(self) -> str:
        return f"Magento's order history says: {self.comment}"

    @override
    async def perform(self, ports: Ports) -> WriteBack:
        await self.magento(ports).add_comment(self.order.order_id, self.comment)
        return WriteBack(outcome="applied")
