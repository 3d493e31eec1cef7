"""Which process reads which credentials. What it has no use for is not read, and need not be there."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import SecretStr
from typing_extensions import override

Credential = Literal["broker", "store", "stripe", "webhooks", "magento", "tracing"]
"""`stripe` is the API's key and `webhooks` the signing secrets, of every account; `magento` is each installation's."""

Process = Literal["bridge", "run", "timers", "migrate", "topology", "healthcheck", "operator"]
"""A command that runs by itself; `operator` is any other, which a person runs."""

_WORK = frozenset[Credential]({"broker", "store", "stripe", "magento", "tracing"})
CREDENTIALS: Mapping[Process, frozenset[Credential]] = {
    "bridge": frozenset({"broker", "webhooks", "tracing"}),
    "run": _WORK,
    "timers": _WORK,
    "migrate": frozenset({"store"}),
    "topology": frozenset({"broker", "store"}),  # which has the lock under which a dead-letter queue is replaced
    "healthcheck": frozenset(),
    "operator": _WORK,
}
EVERY: frozenset[Credential] = frozenset().union(*CREDENTIALS.values())


class Withheld(SecretStr):
    """Stands where a credential was not read."""

    def __init__(self, place: str) -> None:
        """`place` is its name in the settings."""
        super().__init__("")
        self._place = place

    @override
    def get_secret_value(self) -> str:
        """Never.

        Raises:
            AssertionError: always; the process uses what `CREDENTIALS` says that it has no use for.
        """
        raise AssertionError(f"{self._place} is no credential of this process")


def withhold(values: Mapping[str, Any], reads: frozenset[Credential]) -> dict[str, Any]:
    """The settings as they were written, with `Withheld` for each credential that is not among `reads`.

    Values and the paths of files are taken away alike. Optional ones stay as absent or present as they were.
    """
    kept = dict(values)
    for section in ("broker", "store"):
        if section not in reads:
            kept[section] = _without(kept.get(section, {}), "url", section)
    if "tracing" not in reads and _has(kept.get("tracing"), "otlp_headers"):
        kept["tracing"] = _without(kept["tracing"], "otlp_headers", "tracing")
    for name, account in _named(kept, "stripe"):
        place = f"stripe.{name}"
        chosen = account if "stripe" in reads else _without(account, "secret_key", place)
        if "webhooks" not in reads and _has(chosen, "webhook_secrets"):
            chosen = _without(chosen, "webhook_secrets", place)
            chosen["webhook_secrets"] = (chosen["webhook_secrets"],)
        kept["stripe"] = {**kept["stripe"], name: chosen}
    for name, instance in _named(kept, "magento"):
        if "magento" not in reads:
            # One of three, by the adapter.
            chosen = {
                key: value for key, value in instance.items() if not key.startswith(("token", "oauth", "database"))
            }
            login = "database_url" if instance.get("adapter") == "db" else "token"
            kept["magento"] = {**kept["magento"], name: _without(chosen, login, f"magento.{name}")}
    return kept


def _named(values: Mapping[str, Any], section: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The named parts of a section, as far as it has the right form; what has not is refused later."""
    parts = values.get(section)
    if not isinstance(parts, Mapping):
        return []
    return [(name, part) for name, part in parts.items() if isinstance(part, Mapping)]


def _has(section: object, name: str) -> bool:
    return isinstance(section, Mapping) and bool(section.get(name) or section.get(f"{name}_file"))


def _without(section: Any, name: str, place: str) -> Any:  # noqa: ANN401  # what an operator wrote
    if not isinstance(section, Mapping):
        return section
    rest = {key: value for key, value in section.items() if key not in {name, f"{name}_file"}}
    return rest | {name: Withheld(f"{place}.{name}")}
