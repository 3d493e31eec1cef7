"""All that is made from the code."""

from functools import cache

from tests.documents import configuration_page, metrics_page
from tests.monitoring.dashboards import everything as dashboards


@cache
def documents() -> dict[str, str]:
    """The text of each file, by its path in the repository."""
    pages = {"docs/metrics.md": metrics_page.page(), "docs/configuration.md": configuration_page.page()}
    return pages | dict(dashboards.written())
