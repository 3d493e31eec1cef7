"""Requests to the module's resources with their answers: the adapter, the stand-in and the module are held to them.

The form of the files is described in `docs/magento-rest.md`.
"""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent
Merchant = Literal["merchant cancels", "merchant holds", "merchant releases"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Asked(_Part):
    method: Literal["GET", "POST"]
    path: str
    body: dict[str, Any] | None = None


class Answered(_Part):
    status: int
    body: dict[str, Any]


class Transaction(_Part):
    txn_id: str
    txn_type: str
    is_closed: bool
    parent_txn_id: str | None


class Afterwards(_Part):
    """What is in Magento's tables then."""

    state: str
    status: str
    total_paid: str | None
    invoices: int
    transactions: list[Transaction]


class Exchange(_Part):
    """One request with its answer.

    Attributes:
        before: what happened to the order: other exchanges by name, or something the merchant did.
        credentials: `none` where the request carries no valid token.
        sendable: whether the sidecar can send it; other requests show how mistakes are refused.
    """

    name: str
    title: str
    before: tuple[str, ...] = ()
    credentials: Literal["valid", "none"] = "valid"
    sendable: bool = True
    request: Asked
    response: Answered
    after: Afterwards | None = None


def exchanges() -> list[Exchange]:
    """All of them, by name."""
    return [
        Exchange.model_validate_json(path.read_bytes().replace(b"{", b'{"name": "%s",' % path.stem.encode(), 1))
        for path in sorted(FOLDER.glob("*.json"))
    ]


def filled(value: Any, order_id: int) -> Any:
    """With the order's id in its place."""
    if isinstance(value, dict):
        return {name: filled(inner, order_id) for name, inner in value.items()}
    if value == "{order_id}":
        return order_id
    return value.replace("{order_id}", str(order_id)) if isinstance(value, str) else value


def fits(expected: Any, seen: Any, order_id: int) -> bool:
    """Whether an answer is the written one, with the order's id and with anything where it says so."""
    if isinstance(expected, dict):
        same_names = isinstance(seen, dict) and set(expected) == set(seen)
        return same_names and all(fits(inner, seen[name], order_id) for name, inner in expected.items())
    match expected:
        case "{order_id}":
            return bool(seen == order_id)
        case "{invoice_id}":
            return isinstance(seen, int) and seen > 0
        case "{version}" | "{instance}":
            return isinstance(seen, str) and seen != ""
    return bool(expected == seen)
