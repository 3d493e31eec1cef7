"""What a browser sends from a form."""

from urllib.parse import parse_qsl

from starlette.requests import Request


async def form(request: Request) -> dict[str, str]:
    """Read a form-encoded body."""
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
