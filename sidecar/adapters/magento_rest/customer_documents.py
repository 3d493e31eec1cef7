"""What Magento's REST answers about customers, stores and countries, as far as it is read."""

from datetime import UTC, datetime

from pydantic import field_validator

from schemas.contract import Frozen
from schemas.ids import Instance, MagentoCustomerId
from schemas.magento.address import Address
from schemas.magento.customer_snapshot import CustomerAddress, CustomerSnapshot
from schemas.magento.store import Store


class RegionDocument(Frozen):
    """Where there is none in the directory, id 0 and the text that was typed in."""

    region_code: str | None = None
    region: str | None = None
    region_id: int = 0


class AddressDocument(Frozen):
    """An entry of the customer's book. Fields without a value are left out by Magento."""

    id: int
    prefix: str | None = None
    firstname: str
    middlename: str | None = None
    lastname: str
    suffix: str | None = None
    company: str | None = None
    street: tuple[str, ...] = ()
    city: str | None = None
    region: RegionDocument = RegionDocument()
    postcode: str | None = None
    country_id: str
    telephone: str | None = None
    vat_id: str | None = None
    default_billing: bool = False
    default_shipping: bool = False

    def entry(self) -> CustomerAddress:
        """As an event of the module's says it."""
        region = self.region
        known = self.model_dump(include=set(Address.model_fields) - {"region", "region_code"})
        return CustomerAddress(
            address_id=self.id,
            address=Address(
                region=region.region, region_code=region.region_code if region.region_id else None, **known
            ),
            is_default_billing=self.default_billing,
            is_default_shipping=self.default_shipping,
        )


class CustomerDocument(Frozen):
    """`GET /V1/customers/{id}`. A search may leave out the addresses."""

    id: MagentoCustomerId
    group_id: int
    store_id: int
    website_id: int
    email: str
    prefix: str | None = None
    firstname: str
    middlename: str | None = None
    lastname: str
    suffix: str | None = None
    taxvat: str | None = None
    addresses: tuple[AddressDocument, ...] | None = None
    created_at: datetime
    updated_at: datetime

    @field_validator("created_at", "updated_at")
    @classmethod
    def _utc(cls, value: datetime) -> datetime:
        return value.replace(tzinfo=UTC)

    def snapshot(self, instance: Instance, store: Store, locale: str | None) -> CustomerSnapshot:
        """As an event of the module's says it, apart from the account's company."""
        own = self.model_dump(include=set(CustomerSnapshot.model_fields) - {"addresses", "store"})
        return CustomerSnapshot(
            instance=instance,
            store=store,
            customer_id=self.id,
            locale=locale,
            addresses=tuple(address.entry() for address in self.addresses or ()),
            **own,
        )


class SearchDocument(Frozen):
    """`GET /V1/customers/search`."""

    items: tuple[CustomerDocument, ...]


class StoreViewDocument(Frozen):
    """`GET /V1/store/storeViews`; with id 0, what belongs to no store."""

    id: int
    code: str
    website_id: int


class StoreConfigDocument(Frozen):
    """`GET /V1/store/storeConfigs`."""

    id: int
    locale: str | None = None


class WebsiteDocument(Frozen):
    """`GET /V1/store/websites`."""

    id: int
    code: str


class DirectoryRegionDocument(Frozen):
    """A region as the directory has it; its id is a text there."""

    id: str
    code: str | None = None
    name: str | None = None


class CountryDocument(Frozen):
    """`GET /V1/directory/countries/{id}`."""

    available_regions: tuple[DirectoryRegionDocument, ...] = ()
