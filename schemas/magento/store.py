"""Where in Magento something happened."""

from schemas.contract import Frozen


class Store(Frozen):
    """A store view and its website; codes are what the settings refer to, ids are what Magento's REST wants."""

    store_id: int
    store_code: str
    website_id: int
    website_code: str
