"""`GET /V1/customers/{id}` as Magento answers it, and the same as the module's event tells it."""

from datetime import UTC

import orjson

from schemas.ids import Instance, MagentoCustomerId
from schemas.magento.address import Address
from schemas.magento.customer_snapshot import CustomerAddress, CustomerSnapshot
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.directory import region_of
from sidecar.sandbox.magento.order_document import plain

NAMES = ("prefix", "firstname", "middlename", "lastname", "suffix")
_SHOWN = ("group_id", "created_at", "updated_at", "created_in", "email", *NAMES, "store_id", "website_id", "taxvat")
_OF_ADDRESS = (
    "country_id", "company", "telephone", "postcode", "city", *NAMES, "vat_id",
)  # fmt: skip


async def addresses_of(session: Session, customer_id: int) -> list[Row]:
    """The rows of a customer's book."""
    rows = await session.rows(
        "SELECT * FROM customer_address_entity WHERE parent_id = %s ORDER BY entity_id", customer_id
    )
    return list(rows)


async def customer_document(session: Session, row: Row) -> Row:
    """The whole customer; fields without a value are left out."""
    customer_id = row["entity_id"]
    custom = await session.rows(
        "SELECT attribute_code, value FROM sidecar_custom_attribute WHERE customer_id = %s ORDER BY attribute_code",
        customer_id,
    )
    defaults = {name: str(row[name]) for name in ("default_billing", "default_shipping") if row[name]}
    document: Row = {"id": customer_id} | defaults
    document |= {name: plain(row[name]) for name in _SHOWN if row[name] is not None}
    if row["confirmation"]:
        document["confirmation"] = row["confirmation"]
    document["addresses"] = [_address(each, row) for each in await addresses_of(session, customer_id)]
    document["disable_auto_group_change"] = row["disable_auto_group_change"]
    document["extension_attributes"] = {"is_subscribed": False}
    if custom:
        document["custom_attributes"] = [
            {"attribute_code": each["attribute_code"], "value": orjson.loads(each["value"])} for each in custom
        ]
    return document


def _address(address: Row, customer: Row) -> Row:
    region = region_of(address["region_id"])
    document: Row = {
        "id": address["entity_id"],
        "customer_id": address["parent_id"],
        "region": {
            "region_code": region.code if region else address["region"],
            "region": region.name if region else address["region"],
            "region_id": address["region_id"] or 0,
        },
        "region_id": address["region_id"] or 0,
        "street": address["street"].split("\n"),
    }
    document |= {name: address[name] for name in _OF_ADDRESS if address[name]}
    for kind in ("default_shipping", "default_billing"):
        if customer[kind] == address["entity_id"]:
            document[kind] = True
    return document


async def customer_snapshot(session: Session, row: Row, config: MagentoSandboxConfig) -> CustomerSnapshot:
    """What the module's event says of the customer."""
    store = next(store for store in config.stores.values() if store.store_id == row["store_id"])
    addresses = await addresses_of(session, row["entity_id"])
    return CustomerSnapshot(
        instance=Instance(config.instance),
        store=store,
        customer_id=MagentoCustomerId(row["entity_id"]),
        email=row["email"],
        prefix=row["prefix"],
        firstname=row["firstname"],
        middlename=row["middlename"],
        lastname=row["lastname"],
        suffix=row["suffix"],
        group_id=row["group_id"],
        taxvat=row["taxvat"],
        locale=config.locale,
        addresses=tuple(_book_entry(address, row) for address in addresses),
        created_at=row["created_at"].replace(tzinfo=UTC),
        updated_at=row["updated_at"].replace(tzinfo=UTC),
    )


def _book_entry(address: Row, customer: Row) -> CustomerAddress:
    region = region_of(address["region_id"])
    known = {name: address[name] for name in _OF_ADDRESS}
    return CustomerAddress(
        address_id=address["entity_id"],
        address=Address.model_validate(
            known
            | {
                "street": address["street"].split("\n"),
                "region": region.name if region else address["region"],
                "region_code": region.code if region else None,
            },
        ),
        is_default_billing=customer["default_billing"] == address["entity_id"],
        is_default_shipping=customer["default_shipping"] == address["entity_id"],
    )
