"""All that is made from the code, and from what was measured."""

from functools import cache

from tests.documents import configuration_page, metrics_page, performance_page
from tests.monitoring.dashboards import everything as dashboards


@cache
def documents() -> dict[str, str]:
    """The text of each file, by its path in the repository."""
    pages = {
        "docs/metrics.md": metrics_page.page(),
        "docs/configuration.md": configuration_page.page(),
        "docs/performance.md": performance_page.page(),
    }
    return pages | dict(performance_page.plots()) | dict(dashboards.written())
