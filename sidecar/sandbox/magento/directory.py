"""A part of Magento's directory: the countries that tests live in, and their regions with Magento's own ids."""

from dataclasses import dataclass

from sidecar.sandbox.magento.database import Row
from sidecar.sandbox.magento.errors import MagentoError


@dataclass(frozen=True, slots=True)
class Region:
    """A row of `directory_country_region`."""

    id: int
    country: str
    code: str
    name: str


REGIONS = (
    Region(12, "US", "CA", "California"),
    Region(32, "US", "MA", "Massachusetts"),
    Region(43, "US", "NY", "New York"),
    Region(57, "US", "TX", "Texas"),
    Region(61, "US", "VA", "Virginia"),
    Region(80, "DE", "BAW", "Baden-Württemberg"),
    Region(81, "DE", "BAY", "Bayern"),
    Region(82, "DE", "BER", "Berlin"),
)
COUNTRIES = {"US": "USA", "DE": "DEU", "FR": "FRA", "GB": "GBR", "JP": "JPN", "CH": "CHE"}
REGION_REQUIRED = frozenset(("US", "CH"))
"""As Magento ships `general/region/state_required`, of the countries above."""
UNKNOWN_COUNTRY = "The country isn't available."


def country_document(country: str) -> Row:
    """`GET /V1/directory/countries/{id}`.

    Raises:
        MagentoError: the shop does not know the country.
    """
    if country not in COUNTRIES:
        raise MagentoError(404, UNKNOWN_COUNTRY)
    regions = [
        {"id": str(region.id), "code": region.code, "name": region.name}
        for region in REGIONS
        if region.country == country
    ]
    known: Row = {"id": country, "two_letter_abbreviation": country, "three_letter_abbreviation": COUNTRIES[country]}
    return known | ({"available_regions": regions} if regions else {})


def region_of(region_id: int | None) -> Region | None:
    """The region of that id."""
    return next((region for region in REGIONS if region.id == region_id), None)
