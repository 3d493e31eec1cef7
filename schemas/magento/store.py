"""Where in Magento something happened."""

from schemas.contract import Frozen, Whole


class Store(Frozen):
    """A store view and its website; codes are what the settings refer to, ids are what Magento's REST wants.

    Attributes:
        store_id: `store.store_id`.
        store_code: `store.code`, which the address of a REST call begins with.
        website_id: `store_website.website_id`: customers are shared by a website's stores.
        website_code: `store_website.code`.
    """

    store_id: Whole
    store_code: str
    website_id: Whole
    website_code: str
