"""Says whether the end is right, from the rules and not from the code: nothing of the product is imported here."""

from tests.chaos.oracle.accounts import accounts
from tests.chaos.oracle.booking import booking
from tests.chaos.oracle.books import Books
from tests.chaos.oracle.closing import closing
from tests.chaos.oracle.giving_back import giving_back
from tests.chaos.oracle.identity import identity
from tests.chaos.oracle.ledger import ledger
from tests.chaos.oracle.messages import messages
from tests.chaos.oracle.payment import payment
from tests.chaos.oracle.violation import Rule, Violation
from tests.chaos.world import Deeds, Ending

RULES: tuple[Rule, ...] = (payment, booking, closing, giving_back, identity, ledger, messages, accounts)


def judge(deeds: Deeds, ending: Ending) -> list[Violation]:
    """Every rule that does not hold, and for whom; nothing when all is right."""
    books = Books(deeds, ending)
    return [violation for rule in RULES for violation in rule(books)]
