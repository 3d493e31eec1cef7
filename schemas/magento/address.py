"""A postal address as Magento keeps it (`sales_order_address`, `customer_address_entity`)."""

from typing import Annotated

from pydantic import Field

from schemas.contract import Frozen


class Address(Frozen):
    """A billing or shipping address.

    Attributes:
        street: its lines, from the top.
        region: the state's or province's name, `region_code` its code in Magento's directory.
        country_id: ISO 3166-1 alpha-2, in capitals.
        vat_id: the tax number that goes with the address.
    """

    prefix: str | None = None
    firstname: str
    middlename: str | None = None
    lastname: str
    suffix: str | None = None
    company: str | None = None
    street: tuple[str, ...] = ()
    city: str | None = None
    region: str | None = None
    region_code: str | None = None
    postcode: str | None = None
    country_id: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    telephone: str | None = None
    vat_id: str | None = None

    @property
    def full_name(self) -> str:
        """The name in the order a letter would carry it."""
        parts = (self.prefix, self.firstname, self.middlename, self.lastname, self.suffix)
        return " ".join(part for part in parts if part)
