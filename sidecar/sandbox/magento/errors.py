"""Errors in Magento's form: a message, and parameters to put into it."""

from starlette.responses import JSONResponse

MISSING = "The entity that was requested doesn't exist. Verify the entity and try again."
UNAUTHORIZED = "The consumer isn't authorized to access %resources."
NO_INVOICE = (
    "Invoice Document Validation Error(s):\n"
    "The invoice can't be created without products. Add products and try again.\n"
    "The order does not allow an invoice to be created."
)


class MagentoError(Exception):
    """An answer that is not 2xx."""

    def __init__(self, status: int, message: str, parameters: dict[str, object] | list[object] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.parameters = parameters

    def response(self) -> JSONResponse:
        """As Magento sends it."""
        body: dict[str, object] = {"message": self.message}
        if self.parameters is not None:
            body["parameters"] = self.parameters
        return JSONResponse(body, self.status)


def missing() -> MagentoError:
    """404."""
    return MagentoError(404, MISSING)


def unauthorized(resource: str) -> MagentoError:
    """401."""
    return MagentoError(401, UNAUTHORIZED, {"resources": resource})
