"""Turns a page's values into HTML."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from sidecar.sandbox.stripe.account import Account

_pages = Environment(
    loader=PackageLoader("sidecar.sandbox.stripe", "pages"), autoescape=True, undefined=StrictUndefined
)


def render(account: Account, template: str, values: dict[str, object], *, status: int = 200) -> HTMLResponse:
    """Render one page of an account."""
    html = _pages.get_template(template).render(livemode=account.livemode, merchant=account.alias, **values)
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})


def message(
    account: Account,
    title: str,
    text: str,
    *,
    link: str | None = None,
    facts: tuple[tuple[str, str], ...] = (),
    status: int = 200,
) -> HTMLResponse:
    """Render a page that only says something."""
    return render(account, "message.html", {"title": title, "text": text, "link": link, "facts": facts}, status=status)
