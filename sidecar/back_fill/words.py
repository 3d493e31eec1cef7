"""What an effect would do, in a few words for a person who tries it out."""

from sidecar.effects.create_customer import CreateCustomer
from sidecar.effects.effect import Effect
from sidecar.effects.link_customer import LinkCustomer
from sidecar.effects.replace_tax_number import ReplaceTaxNumber
from sidecar.effects.update_account import UpdateAccount
from sidecar.effects.update_customer import UpdateCustomer


def words(effect: Effect) -> str:
    """Names of fields and ids; nothing of what stands in them."""
    match effect:
        case CreateCustomer():
            return f"create a customer in {effect.stripe}"
        case LinkCustomer():
            return f"link {effect.stripe_customer} in {effect.stripe} ({effect.why.replace('_', ' ')})"
        case UpdateCustomer():
            return f"change {', '.join(effect.changes.fields)} of {effect.stripe_customer} in {effect.stripe}"
        case ReplaceTaxNumber():
            return f"change the tax number of {effect.stripe_customer} in {effect.stripe}"
        case UpdateAccount():
            return f"change {', '.join(effect.fields)} in Magento"
        case _:
            return type(effect).__name__
