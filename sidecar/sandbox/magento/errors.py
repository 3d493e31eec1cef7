"""Errors in Magento's form: a message, and parameters to put into it."""

from pydantic import ValidationError
from starlette.responses import JSONResponse

MISSING = "The entity that was requested doesn't exist. Verify the entity and try again."
UNAUTHORIZED = "The consumer isn't authorized to access %resources."
NO_INVOICE = (
    "Invoice Document Validation Error(s):\n"
    "The invoice can't be created without products. Add products and try again.\n"
    "The order does not allow an invoice to be created."
)
NO_HOLD = "A hold action is not available."
NO_UNHOLD = "You cannot remove the hold."
REQUIRED = '"%fieldName" is required. Enter and try again.'
INVALID = 'Invalid value of "%value" provided for the %fieldName field.'
UNDECODABLE = "Decoding error."


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


def invalid(error: ValidationError) -> MagentoError:
    """400 for the first field that does not fit, in the words of Magento's `InputException`."""
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return MagentoError(400, UNDECODABLE)
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return MagentoError(400, REQUIRED, {"fieldName": field})
    return MagentoError(400, INVALID, {"fieldName": field, "value": str(first["input"])})
