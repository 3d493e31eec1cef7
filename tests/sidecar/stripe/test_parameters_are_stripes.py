"""What mypy cannot see of the SDK's types: values of which we keep a list or a copy."""

import stripe
from stripe.params.checkout import SessionCreateParams

from sidecar.adapters.stripe.client import API_VERSION
from sidecar.adapters.stripe.locales import CHECKOUT_LOCALES


def test_the_locales_are_those_that_the_sdk_knows() -> None:
    annotation = str(SessionCreateParams.__annotations__["locale"])
    known = annotation.partition("Literal[")[2].partition("]")[0]
    assert {name.strip().strip("'\"") for name in known.split(",")} == CHECKOUT_LOCALES | {"auto"}


def test_the_version_is_the_one_that_the_sdks_types_describe() -> None:
    assert stripe.api_version == API_VERSION
