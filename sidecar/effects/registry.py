"""Finds an effect's class by the name that the ledger keeps."""

from collections.abc import Iterator

from sidecar.effects.effect import Effect


def effect_class(kind: str) -> type[Effect]:
    """The class of that name.

    Raises:
        LookupError: this release knows no such effect.
    """
    for known in _below(Effect):  # type: ignore[type-abstract]  # only concrete ones are ever in the ledger
        if known.__name__ == kind:
            return known
    raise LookupError(f"the ledger names an effect {kind!r} that this release does not know")


def _below(parent: type[Effect]) -> Iterator[type[Effect]]:
    for child in parent.__subclasses__():
        yield child
        yield from _below(child)
