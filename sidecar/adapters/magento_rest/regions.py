"""Which region of Magento's directory a name or a code stands for."""

from dataclasses import dataclass, field

from schemas.magento.address import Address
from sidecar.adapters.magento_rest.client import MagentoClient
from sidecar.adapters.magento_rest.customer_documents import CountryDocument, DirectoryRegionDocument
from sidecar.errors import RefusedError


@dataclass(slots=True)
class Regions:
    """The regions of an instance's countries, read once for each country."""

    client: MagentoClient
    _known: dict[str, tuple[DirectoryRegionDocument, ...]] = field(default_factory=dict)

    async def body(self, address: Address) -> dict[str, object]:
        """The fields `region` and `region_id` of an address that is written.

        A region that the directory does not know goes as the text that it is: Magento takes it in countries that have
        no regions, and refuses it in those that do.

        Raises what `sidecar.errors` lists.
        """
        wanted = {text.casefold() for text in (address.region_code, address.region) if text}
        for region in await self._regions_of(address.country_id):
            if wanted & {text.casefold() for text in (region.code, region.name) if text}:
                number = int(region.id)
                return {
                    "region": {"region_code": region.code, "region": region.name, "region_id": number},
                    "region_id": number,
                }
        text = address.region or address.region_code or ""
        return {"region": {"region_code": text, "region": text, "region_id": 0}, "region_id": 0}

    async def _regions_of(self, country: str) -> tuple[DirectoryRegionDocument, ...]:
        if country not in self._known:
            try:
                found = await self.client.get(f"directory/countries/{country}", CountryDocument)
            except RefusedError:  # a country that the shop does not know: it says so itself when the address is saved
                return ()
            self._known[country] = found.available_regions
        return self._known[country]
