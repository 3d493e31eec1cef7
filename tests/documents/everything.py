"""All that is made from the code."""

from functools import cache

from tests.documents import configuration_page, metrics_page


@cache
def documents() -> dict[str, str]:
    """The text of each file, by its path in the repository."""
    return {"docs/metrics.md": metrics_page.page(), "docs/configuration.md": configuration_page.page()}
