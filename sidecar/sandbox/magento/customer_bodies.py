"""What core's resources for customers take, as an instance's own description of its REST (its Swagger) has it."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Body(BaseModel):
    """Part of a request. Magento refuses fields that it does not know, and so does the stand-in."""

    model_config = ConfigDict(extra="forbid")


class RegionBody(Body):
    """`customer-data-region-interface`."""

    region_code: str | None
    region: str | None
    region_id: int


class AddressBody(Body):
    """`customer-data-address-interface`."""

    id: int | None = None
    customer_id: int | None = None
    region: RegionBody | None = None
    region_id: int | None = None
    country_id: str | None = None
    street: list[str] = Field(default_factory=list)
    company: str | None = None
    telephone: str | None = None
    fax: str | None = None
    postcode: str | None = None
    city: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    middlename: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    vat_id: str | None = None
    default_shipping: bool | None = None
    default_billing: bool | None = None
    extension_attributes: dict[str, Any] | None = None
    custom_attributes: list[dict[str, Any]] | None = None


class CustomerBody(Body):
    """`customer-data-customer-interface`. A field that is left out stays as it is."""

    id: int | None = None
    group_id: int | None = None
    default_billing: str | None = None
    default_shipping: str | None = None
    confirmation: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    created_in: str | None = None
    dob: str | None = None
    email: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    middlename: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    gender: int | None = None
    store_id: int | None = None
    taxvat: str | None = None
    website_id: int | None = None
    addresses: list[AddressBody] | None = None
    disable_auto_group_change: int | None = None
    extension_attributes: dict[str, Any] | None = None
    custom_attributes: list[dict[str, Any]] | None = None


class SaveCustomer(Body):
    """`POST /V1/customers` and `PUT /V1/customers/{id}`."""

    customer: CustomerBody
    password: str | None = None
    password_hash: str | None = Field(default=None, alias="passwordHash")
    redirect_url: str | None = Field(default=None, alias="redirectUrl")
