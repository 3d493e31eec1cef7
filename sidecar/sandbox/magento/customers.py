"""Saves and deletes customers as `CustomerRepository` does, with the module's outbox row in the same transaction."""

from datetime import UTC, datetime

import orjson

from schemas.ids import Instance, MagentoCustomerId
from schemas.magento.customer_deleted_v1 import CustomerDeletedV1
from schemas.magento.customer_saved_v1 import CustomerSavedV1
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.magento.store import Store
from sidecar.sandbox.magento.customer_bodies import AddressBody, CustomerBody
from sidecar.sandbox.magento.customer_document import NAMES, addresses_of, customer_snapshot
from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.directory import COUNTRIES, REGION_REQUIRED, region_of
from sidecar.sandbox.magento.errors import INVALID, REQUIRED, MagentoError
from sidecar.sandbox.magento.shop import Shop

NO_SUCH_CUSTOMER = "No such entity with %fieldName = %fieldValue"
TAKEN = "A customer with the same email address already exists in an associated website."
INVALID_EMAIL = '"%fieldName" is not a valid email address.'
DEFAULTS = ("default_billing", "default_shipping")
_WRITABLE = (
    "group_id",
    "email",
    *NAMES,
    "store_id",
    "website_id",
    "taxvat",
    "confirmation",
    "disable_auto_group_change",
)
_REQUIRED_OF_ADDRESS = ("firstname", "lastname", "city", "telephone", "country_id")
_TIMES = {"created_at", "updated_at"}


async def locked(session: Session, customer_id: int) -> Row:
    """The customer's row, held until the transaction ends.

    Raises:
        MagentoError: there is none.
    """
    row = await session.row("SELECT * FROM customer_entity WHERE entity_id = %s FOR UPDATE", customer_id)
    if row is None:
        raise MagentoError(404, NO_SUCH_CUSTOMER, {"fieldName": "customerId", "fieldValue": customer_id})
    return row


async def create(session: Session, shop: Shop, body: CustomerBody, store_code: str | None) -> Row:
    """Make an account, in the store of the request's address unless the body names one.

    Raises:
        MagentoError: something is missing, or the address is taken.
    """
    store = _store(shop, body, store_code)
    for name in ("email", "firstname", "lastname"):
        if not getattr(body, name):
            raise MagentoError(400, REQUIRED, {"fieldName": name})
    await _check_email(session, body.email or "", store.website_id, None)
    now = _now()
    customer_id = await session.insert(
        "customer_entity",
        {
            "email": body.email,
            "firstname": body.firstname,
            "lastname": body.lastname,
            "website_id": store.website_id,
            "store_id": store.store_id,
            "group_id": 1,
            "created_in": "Default Store View",
            "created_at": now,
            "updated_at": now,
        },
    )
    row = await locked(session, customer_id)
    await _apply(session, row, body.model_copy(update={"store_id": store.store_id, "website_id": store.website_id}))
    await _tell(session, shop, None, await locked(session, customer_id))
    return await locked(session, customer_id)


async def save(session: Session, shop: Shop, customer_id: int, body: CustomerBody) -> Row:
    """Change the account. What changes nothing is no event, and leaves the time of the last change.

    Raises:
        MagentoError: there is no such customer, or it cannot be so.
    """
    row = await locked(session, customer_id)
    before = await customer_snapshot(session, row, shop.config)
    if body.email is not None and body.email != row["email"]:
        await _check_email(session, body.email, row["website_id"], customer_id)
    await _apply(session, row, body)
    after = await customer_snapshot(session, await locked(session, customer_id), shop.config)
    if _content(after) != _content(before):
        await session.update("customer_entity", "entity_id", customer_id, {"updated_at": _now()})
        await _tell(session, shop, before, await locked(session, customer_id))
    return await locked(session, customer_id)


async def delete(session: Session, shop: Shop, customer_id: int) -> None:
    """Delete the account, its book and its attributes; its orders stay.

    Raises:
        MagentoError: there is no such customer.
    """
    row = await locked(session, customer_id)
    for statement in (
        "DELETE FROM customer_address_entity WHERE parent_id = %s",
        "DELETE FROM sidecar_custom_attribute WHERE customer_id = %s",
        "DELETE FROM customer_entity WHERE entity_id = %s",
    ):
        await session.run(statement, customer_id)
    event = CustomerDeletedV1(
        instance=Instance(shop.config.instance),
        store=next(store for store in shop.config.stores.values() if store.store_id == row["store_id"]),
        customer_id=MagentoCustomerId(customer_id),
        deleted_at=datetime.now(UTC),
    )
    await shop.outbox.add(
        session,
        CustomerDeletedV1.TYPE,
        f"customer-deleted-{customer_id}",
        event,
        subject=f"customer/{customer_id}",
    )


async def _apply(session: Session, row: Row, body: CustomerBody) -> None:
    customer_id = row["entity_id"]
    given = body.model_dump(include=set(_WRITABLE), exclude_unset=True)
    changes: Row = {name: given[name] for name in _WRITABLE if name in given}
    for kind in DEFAULTS:
        if kind in body.model_fields_set:
            chosen = getattr(body, kind)
            changes[kind] = int(chosen) if chosen else None
    for name in ("email", "firstname", "lastname"):
        if name in changes and not changes[name]:
            raise MagentoError(400, REQUIRED, {"fieldName": name})
    if changes:
        await session.update("customer_entity", "entity_id", customer_id, changes)
    if body.addresses is not None:
        await _save_addresses(session, await locked(session, customer_id), body.addresses)
    for attribute in body.custom_attributes or []:
        await session.run(
            "REPLACE INTO sidecar_custom_attribute (customer_id, attribute_code, value) VALUES (%s, %s, %s)",
            customer_id,
            attribute["attribute_code"],
            orjson.dumps(attribute["value"]).decode(),
        )


async def _save_addresses(session: Session, customer: Row, given: list[AddressBody]) -> None:
    """Every address that is there is saved, and every one that is not there any more is deleted."""
    known = {row["entity_id"]: row for row in await addresses_of(session, customer["entity_id"])}
    defaults: Row = {}
    kept = set()
    for address in given:
        address_id = await _save_address(session, customer, known, address)
        kept.add(address_id)
        for kind in DEFAULTS:
            chosen = getattr(address, kind)
            if chosen:
                defaults[kind] = address_id
            elif chosen is False and customer[kind] == address_id:
                defaults.setdefault(kind, None)
    for gone in known.keys() - kept:
        await session.run("DELETE FROM customer_address_entity WHERE entity_id = %s", gone)
        defaults = {kind: None for kind in DEFAULTS if customer[kind] == gone} | defaults
    if defaults:
        await session.update("customer_entity", "entity_id", customer["entity_id"], defaults)


async def _save_address(session: Session, customer: Row, known: dict[int, Row], address: AddressBody) -> int:
    """Of an address that is there, what is left out stays."""
    if address.id is None:
        row = _address_row(address.model_dump())
        return await session.insert("customer_address_entity", row | {"parent_id": customer["entity_id"]})
    before = known.get(address.id)
    if before is None:
        raise MagentoError(404, NO_SUCH_CUSTOMER, {"fieldName": "addressId", "fieldValue": address.id})
    was = before | {"street": before["street"].split("\n"), "region": {"region": before["region"]}}
    await session.update(
        "customer_address_entity", "entity_id", address.id, _address_row(was | address.model_dump(exclude_unset=True))
    )
    return address.id


def _address_row(address: Row) -> Row:
    for name in _REQUIRED_OF_ADDRESS:
        if not address[name]:
            raise MagentoError(400, REQUIRED, {"fieldName": name})
    if not any(address["street"]):
        raise MagentoError(400, REQUIRED, {"fieldName": "street"})
    country = address["country_id"]
    if country not in COUNTRIES:
        raise MagentoError(400, INVALID, {"fieldName": "countryId", "value": country})
    region = address["region"] or {}
    known = region_of(region.get("region_id") or address["region_id"])
    if country in REGION_REQUIRED and (known is None or known.country != country):
        raise MagentoError(400, REQUIRED, {"fieldName": "regionId"})
    return {
        **{name: address[name] for name in (*NAMES, "company", "postcode", "city", "telephone", "vat_id")},
        "country_id": country,
        "street": "\n".join(address["street"]),
        "region_id": known.id if known else None,
        "region": known.name if known else region.get("region"),
    }


async def _check_email(session: Session, email: str, website_id: int, customer_id: int | None) -> None:
    if "@" not in email:
        raise MagentoError(400, INVALID_EMAIL, {"fieldName": "Email", "value": email})
    taken = await session.row(
        "SELECT entity_id FROM customer_entity WHERE email = %s AND website_id = %s AND entity_id <> %s",
        email,
        website_id,
        customer_id or 0,
    )
    if taken is not None:
        raise MagentoError(400, TAKEN)


def _store(shop: Shop, body: CustomerBody, store_code: str | None) -> Store:
    if body.store_id is not None:
        return next(store for store in shop.config.stores.values() if store.store_id == body.store_id)
    store = shop.config.stores.get(store_code or "default")
    if store is None:
        raise MagentoError(400, "Requested store is not found")
    return store


async def _tell(session: Session, shop: Shop, before: CustomerSnapshot | None, row: Row) -> None:
    after = await customer_snapshot(session, row, shop.config)
    now, was = _content(after), _content(before) if before else {}
    changed = tuple(name for name, value in now.items() if before is not None and was.get(name) != value)
    event = CustomerSavedV1.model_validate(after.model_dump() | {"is_new": before is None, "changed_fields": changed})
    times = await session.row(
        "SELECT COUNT(*) AS n FROM sidecar_outbox WHERE type = %s AND event_id LIKE %s",
        CustomerSavedV1.TYPE,
        f"%customer-saved-{row['entity_id']}-%",
    )
    number = (times["n"] if times else 0) + 1
    await shop.outbox.add(
        session,
        CustomerSavedV1.TYPE,
        f"customer-saved-{row['entity_id']}-{number}",
        event,
        subject=f"customer/{row['entity_id']}",
    )


def _content(snapshot: CustomerSnapshot) -> Row:
    return snapshot.model_dump(exclude=_TIMES)


def _now() -> datetime:
    """As a `timestamp` column keeps it: whole seconds, UTC."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
