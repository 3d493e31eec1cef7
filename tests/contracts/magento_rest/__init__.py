"""Requests to the module's resources with their answers: the adapter, the stand-in and the module are held to them.

The form of the files is described in `docs/magento-rest.md`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent
Merchant = Literal[
    "merchant cancels",
    "merchant holds",
    "merchant releases",
    "merchant refunds a shirt",
    "merchant refunds everything",
]


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


class Creditmemo(_Part):
    state: Literal["open", "refunded", "canceled"]
    grand_total: str
    transaction_id: str | None


class Afterwards(_Part):
    """What is in Magento's tables then; the last two only where the exchange is about refunds and says so."""

    state: str
    status: str
    total_paid: str | None
    invoices: int
    transactions: list[Transaction]
    total_refunded: str | None = None
    creditmemos: list[Creditmemo] | None = None


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


def filled(value: Any, ids: Mapping[str, object]) -> Any:
    """With the ids in their places: `{order_id}` and the like."""
    if isinstance(value, dict):
        return {name: filled(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, ids) for inner in value]
    if not isinstance(value, str):
        return value
    for name, number in ids.items():
        if value == f"{{{name}}}":
            return number
        value = value.replace(f"{{{name}}}", str(number))
    return value


def fits(expected: Any, seen: Any, ids: Mapping[str, object]) -> bool:
    """Whether an answer is the written one, with its ids and with anything where it says so."""
    if isinstance(expected, dict):
        same_names = isinstance(seen, dict) and set(expected) == set(seen)
        return same_names and all(fits(inner, seen[name], ids) for name, inner in expected.items())
    match expected:
        case "{invoice_id}":
            return isinstance(seen, int) and seen > 0
        case "{version}" | "{instance}" | "{creditmemo_increment_id}":
            return isinstance(seen, str) and seen != ""
    return bool(filled(expected, ids) == seen)


def told(after: Mapping[str, Any] | None) -> dict[str, Any]:
    """What an exchange says of the tables: nothing of refunds, where it is not about them."""
    return {key: value for key, value in (after or {}).items() if key != "creditmemos" or value is not None}
