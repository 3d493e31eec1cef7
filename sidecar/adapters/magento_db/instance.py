"""One instance by its database: what can be done there. Customers are changed by Magento's own methods alone."""

from dataclasses import dataclass

from sidecar.adapters.magento_db.books import DbBooks
from sidecar.adapters.magento_db.orders import DbOrders


@dataclass(frozen=True, slots=True)
class DbInstance:
    """Noun by noun, over the same connections."""

    orders: DbOrders
    books: DbBooks
