"""Core's resources for customers, stores and countries."""

import re
from collections.abc import Awaitable, Callable

from pydantic import ValidationError
from starlette.requests import Request

from sidecar.sandbox.magento import customers
from sidecar.sandbox.magento.customer_bodies import SaveCustomer
from sidecar.sandbox.magento.customer_document import customer_document
from sidecar.sandbox.magento.database import Session
from sidecar.sandbox.magento.directory import country_document
from sidecar.sandbox.magento.errors import MagentoError, invalid
from sidecar.sandbox.magento.shop import Shop

Answer = Callable[[Session, Request], Awaitable[object]]
_FILTER = re.compile(
    r"searchCriteria\[filter_?[gG]roups\]\[(\d+)\]\[filters\]\[(\d+)\]\[(field|value|condition_?[tT]ype)\]"
)
_CONDITIONS = {"eq": "=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<="}
_FIELDS = frozenset(("entity_id", "email", "website_id", "updated_at", "store_id", "group_id"))
_LARGEST_PAGE = 300


class CustomerRest:
    """The resources of one instance."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def resources(self) -> list[tuple[str, str, str, Answer]]:
        """Method, path, what the integration has to be allowed, and what answers."""
        core, config = "Magento_Customer::customer", "Magento_Backend::store"
        return [
            ("POST", "customers", core, self._create),
            ("GET", "customers/search", core, self._search),
            ("GET", "customers/{customer_id:int}", core, self._read),
            ("PUT", "customers/{customer_id:int}", core, self._save),
            ("DELETE", "customers/{customer_id:int}", core, self._delete),
            ("GET", "customers/{customer_id:int}/confirm", core, self._confirm),
            ("GET", "store/storeViews", config, self._store_views),
            ("GET", "store/storeConfigs", config, self._store_configs),
            ("GET", "store/websites", config, self._websites),
            ("GET", "directory/countries/{country}", "anonymous", self._country),
        ]

    async def _read(self, session: Session, request: Request) -> object:
        return await customer_document(session, await customers.locked(session, request.path_params["customer_id"]))

    async def _create(self, session: Session, request: Request) -> object:
        body = await _body(request)
        row = await customers.create(session, self._shop, body.customer, request.path_params.get("scope"))
        return await customer_document(session, row)

    async def _save(self, session: Session, request: Request) -> object:
        body = await _body(request)
        row = await customers.save(session, self._shop, request.path_params["customer_id"], body.customer)
        return await customer_document(session, row)

    async def _delete(self, session: Session, request: Request) -> object:
        await customers.delete(session, self._shop, request.path_params["customer_id"])
        return True

    async def _confirm(self, session: Session, request: Request) -> object:
        row = await customers.locked(session, request.path_params["customer_id"])
        if row["confirmation"]:
            return "account_confirmation_required"
        return "account_confirmed" if self._shop.config.confirms_email else "account_confirmation_not_required"

    async def _search(self, session: Session, request: Request) -> object:
        query = request.query_params
        groups: dict[str, dict[str, dict[str, str]]] = {}
        for name, value in query.items():
            found = _FILTER.fullmatch(name)
            if found:
                group, number, part = found.groups()
                groups.setdefault(group, {}).setdefault(number, {})[part.lower().replace("_", "")] = value
        where, values = _where(groups)
        size = min(int(query.get("searchCriteria[pageSize]", "20")), _LARGEST_PAGE)
        page = int(query.get("searchCriteria[currentPage]", "1"))
        total = await session.row(f"SELECT COUNT(*) AS n FROM customer_entity WHERE {where}", *values)  # noqa: S608  # names of ours
        rows = await session.rows(
            f"SELECT * FROM customer_entity WHERE {where} ORDER BY entity_id LIMIT %s OFFSET %s",  # noqa: S608  # names of ours
            *values,
            size,
            (page - 1) * size,
        )
        items = [await customer_document(session, row) for row in rows]
        criteria = {"filter_groups": [], "page_size": size, "current_page": page}
        return {"items": items, "search_criteria": criteria, "total_count": total["n"] if total else 0}

    async def _store_views(self, _session: Session, _request: Request) -> object:
        return [
            {
                "id": store.store_id,
                "code": store.store_code,
                "name": store.store_code,
                "website_id": store.website_id,
                "store_group_id": store.website_id,
                "is_active": 1,
            }
            for store in self._shop.config.stores.values()
        ]

    async def _store_configs(self, _session: Session, _request: Request) -> object:
        return [
            {
                "id": store.store_id,
                "code": store.store_code,
                "website_id": store.website_id,
                "locale": self._shop.config.locale,
            }
            for store in self._shop.config.stores.values()
        ]

    async def _websites(self, _session: Session, _request: Request) -> object:
        codes = {store.website_id: store.website_code for store in self._shop.config.stores.values()}
        return [{"id": number, "code": code, "name": code, "default_group_id": 1} for number, code in codes.items()]

    async def _country(self, _session: Session, request: Request) -> object:
        return country_document(request.path_params["country"])


def _where(groups: dict[str, dict[str, dict[str, str]]]) -> tuple[str, list[object]]:
    """Groups are joined by AND, the filters in one by OR."""
    parts, values = ["1 = 1"], list[object]()
    for group in groups.values():
        either = []
        for each in group.values():
            field, condition = each["field"], _CONDITIONS.get(each.get("conditiontype", "eq"))
            if field not in _FIELDS or condition is None:
                raise MagentoError(400, "The stand-in does not filter by %1.", [field])
            either.append(f"{field} {condition} %s")
            values.append(each["value"])
        parts.append(f"({' OR '.join(either)})")
    return " AND ".join(parts), values


async def _body(request: Request) -> SaveCustomer:
    try:
        return SaveCustomer.model_validate_json(await request.body())
    except ValidationError as error:
        raise invalid(error) from None
