"""People's names: in five parts in Magento, in one in Stripe."""

from schemas.contract import Frozen


class PersonName(Frozen):
    """A name as Magento keeps it."""

    prefix: str | None = None
    firstname: str
    middlename: str | None = None
    lastname: str
    suffix: str | None = None

    @property
    def full(self) -> str:
        """The name in the order a letter would carry it."""
        parts = (self.prefix, self.firstname, self.middlename, self.lastname, self.suffix)
        return " ".join(" ".join(part.split()) for part in parts if part and part.strip())


def split(full: str, before: PersonName) -> PersonName:
    """Take a full name apart.

    A title and a suffix that the person has stay recognised, and so does a last name of several words. Otherwise the
    last word is the last name. Magento wants both names: one word alone is the first name, and the last name that was
    there stays.
    """
    words = full.split()
    prefix, words = _off(words, before.prefix, at_end=False)
    suffix, words = _off(words, before.suffix, at_end=True)
    middlename: str | None = None
    last = before.lastname.split()
    if not 0 < len(last) < len(words) or words[-len(last) :] != last:
        last = words[-1:] if len(words) > 1 else []
    first = words[: len(words) - len(last)]
    middle = (before.middlename or "").split()
    if middle and len(first) > len(middle) and first[-len(middle) :] == middle:
        first, middlename = first[: -len(middle)], before.middlename
    return PersonName(
        prefix=prefix,
        firstname=" ".join(first) or before.firstname,
        middlename=middlename,
        lastname=" ".join(last) or before.lastname,
        suffix=suffix,
    )


def _off(words: list[str], part: str | None, *, at_end: bool) -> tuple[str | None, list[str]]:
    """The part that is known, and the words without it; two at least are left for the names themselves."""
    known = (part or "").split()
    count = len(known)
    if not known or len(words) - count < 2:  # noqa: PLR2004  # a first name and a last name
        return None, words
    if at_end and words[-count:] == known:
        return part, words[:-count]
    if not at_end and words[:count] == known:
        return part, words[count:]
    return None, words
