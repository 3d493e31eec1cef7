"""Which store view and website an id stands for."""

from dataclasses import dataclass, field

from schemas.magento.store import Store
from sidecar.adapters.magento_rest.client import MagentoClient
from sidecar.adapters.magento_rest.customer_documents import StoreConfigDocument, StoreViewDocument, WebsiteDocument
from sidecar.errors import RefusedError


@dataclass(slots=True)
class Stores:
    """An instance's stores. They hardly ever change: they are read once, and again when an id is not known."""

    client: MagentoClient
    _views: dict[int, StoreViewDocument] = field(default_factory=dict)
    _websites: dict[int, str] = field(default_factory=dict)
    _locales: dict[int, str | None] = field(default_factory=dict)

    async def store(self, store_id: int, website_id: int) -> Store:
        """The store view with its website. An account that was made in the admin has a website and no store of its own.

        Raises what `sidecar.errors` lists.
        """
        if store_id not in self._views or website_id not in self._websites:
            await self._read()
        view, website = self._views.get(store_id), self._websites.get(website_id)
        if view is None or website is None:
            raise RefusedError("magento", "unknown_store", f"store {store_id}, website {website_id}")
        return Store(store_id=store_id, store_code=view.code, website_id=website_id, website_code=website)

    async def website_of(self, store_code: str) -> int:
        """The id of a store view's website. Raises what `sidecar.errors` lists."""
        for attempt in range(2):
            for view in self._views.values():
                if view.code == store_code:
                    return view.website_id
            if not attempt:
                await self._read()
        raise RefusedError("magento", "unknown_store", f"there is no store view {store_code!r}")

    def locale(self, store_id: int) -> str | None:
        """The language of a store that is known."""
        return self._locales.get(store_id)

    async def _read(self) -> None:
        views = await self.client.get("store/storeViews", list[StoreViewDocument])
        websites = await self.client.get("store/websites", list[WebsiteDocument])
        configs = await self.client.get("store/storeConfigs", list[StoreConfigDocument])
        self._views = {view.id: view for view in views}
        self._websites = {website.id: website.code for website in websites}
        self._locales = {config.id: config.locale for config in configs}
