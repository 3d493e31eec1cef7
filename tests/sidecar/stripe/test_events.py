from datetime import timedelta

import orjson
import pytest
from aiohttp import web

from tests.sidecar.stripe.conftest import NOW, Start

SINCE = NOW - timedelta(days=1)
PAGE = 100


class Events:
    """`GET /v1/events` as Stripe pages it, newest first; `arrive` are added after the first page was given."""

    def __init__(self, number: int, arrive: int = 0) -> None:
        self.all = [self._event(n) for n in range(number)]
        self._arriving = [self._event(number + n) for n in range(arrive)]

    @staticmethod
    def _event(number: int) -> dict[str, object]:
        return {
            "id": f"evt_{number}",
            "object": "event",
            "type": "payment_intent.succeeded",
            "created": int(SINCE.timestamp()) + number // 3,
            "livemode": False,
            "data": {"object": {"id": f"pi_{number}", "exchange_rate": 1.0825, "unit_amount_decimal": "0.5"}},
        }

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        assert query["created[gte]"] == str(int(SINCE.timestamp()))
        ids = [str(event["id"]) for event in self.all]
        if "ending_before" in query:
            first = ids.index(query["ending_before"]) + 1
            found, more = self.all[first : first + PAGE], first + PAGE < len(ids)
        else:
            end = ids.index(query["starting_after"]) if "starting_after" in query else len(ids)
            found, more = self.all[max(0, end - PAGE) : end], end > PAGE
        self.all += self._arriving
        self._arriving = []
        return web.Response(body=orjson.dumps({"object": "list", "data": found[::-1], "has_more": more}))


@pytest.mark.parametrize(
    ("number", "requests"), [(0, 1), (1, 1), (100, 1), (101, 2), (1000, 10), (1001, 11 + 1), (1350, 14 + 4)]
)
async def test_every_event_comes_once_and_oldest_first(start: Start, number: int, requests: int) -> None:
    events = Events(number)
    upstream = await start(events)
    found = [event async for event in upstream.payments.list_events(SINCE)]
    assert [event.id for event in found] == [event["id"] for event in events.all]
    assert len(upstream.requests) == requests
    assert {request.query["limit"] for request in upstream.requests} == {"100"}


async def test_what_happens_meanwhile_is_not_lost_behind_a_long_list(start: Start) -> None:
    events = Events(1200, arrive=150)
    upstream = await start(events)
    found = [event.id async for event in upstream.payments.list_events(SINCE)]
    assert found == [event["id"] for event in events.all]
    assert len(found) == 1350


async def test_a_body_says_all_that_stripe_said(start: Start) -> None:
    events = Events(1)
    upstream = await start(events)
    (event,) = [event async for event in upstream.payments.list_events(SINCE)]
    assert orjson.loads(event.body) == events.all[0]
    assert (event.type, event.livemode, event.created) == ("payment_intent.succeeded", False, int(SINCE.timestamp()))
