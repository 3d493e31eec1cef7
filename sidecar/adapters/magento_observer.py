"""What may be measured of the calls to Magento, over REST or by its database."""

from typing import Protocol

from schemas.ids import Instance


class MagentoObserver(Protocol):
    """Told about each call; `operation` is `POST /V1/sidecar/orders/{id}/capture` and the like, never an object's path.

    By the database there is one operation, `transaction`.
    """

    def answered(self, instance: Instance, operation: str, code: str, seconds: float) -> None:
        """The call is over. `code` is `ok` or the error's."""
        ...


class Unobserved:
    """Nobody measures."""

    def answered(self, instance: Instance, operation: str, code: str, seconds: float) -> None:
        """Let it pass."""
