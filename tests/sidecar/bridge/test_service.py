"""The bridge as a service: what it shows, how it ends, what it does when something is wrong with itself."""

import asyncio
from contextlib import AsyncExitStack

import httpx
import pytest
from pydantic import SecretStr

from sidecar.bridge.app import Account
from tests.fakes.publisher import MemoryPublisher
from tests.sidecar.bridge.conftest import Serve, Served
from tests.sidecar.bridge.stripe_side import MAIN, NOW, OTHER_SECRET, SECRET, event_bytes, signed

PATIENCE = 20
PATH = "/webhooks/stripe/main"


async def post(served: Served, body: bytes | None = None, more: dict[str, str] | None = None) -> httpx.Response:
    sent = event_bytes() if body is None else body
    return await served.client.post(PATH, content=sent, headers=signed(sent) | (more or {}))


async def test_requests_in_hand_are_answered_before_it_ends(serve: Serve, publisher: MemoryPublisher) -> None:
    publisher.confirm = asyncio.Event()
    running = AsyncExitStack()
    served = await running.enter_async_context(serve(publisher))
    # Not the served client: it is closed with the server.
    client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.port}", trust_env=False)
    async with asyncio.timeout(PATIENCE), client:
        request = asyncio.create_task(client.post(PATH, content=event_bytes(), headers=signed(event_bytes())))
        await publisher.asked.wait()
        ending = asyncio.create_task(running.aclose())
        await no_longer_listening(served.port)
        assert not request.done()
        publisher.confirm.set()
        assert (await request).status_code == 200
        await ending


async def no_longer_listening(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionError:
            return
        writer.close()


async def test_a_bug_is_answered_500_as_a_problem_and_counted(serve: Serve, publisher: MemoryPublisher) -> None:
    publisher.bug = LookupError("a bug")
    async with serve(publisher) as served:
        answer = await post(served)
        assert (answer.status_code, answer.json()["type"]) == (500, "urn:sidecar:problem:internal")
        assert served.metric("requests_total", account="main", status="500") == 1
        publisher.bug = None
        assert (await post(served)).status_code == 200


async def test_every_problem_has_the_members_of_rfc_9457(serve: Serve, publisher: MemoryPublisher) -> None:
    async with serve(publisher) as served:
        answer = await served.client.post("/webhooks/stripe/nobody", content=b"{}")
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == answer.status_code == 404
    assert problem["instance"] == "/webhooks/stripe/nobody"
    assert {"type", "title", "detail"} <= problem.keys()


@pytest.mark.parametrize("secrets", [(SECRET,), (OTHER_SECRET,), (OTHER_SECRET, SECRET)])
async def test_while_a_secret_is_rolled_both_are_taken(
    serve: Serve, publisher: MemoryPublisher, secrets: tuple[str, ...]
) -> None:
    body = event_bytes()
    async with serve(publisher) as served:
        assert (await served.client.post(PATH, content=body, headers=signed(body, *secrets))).status_code == 200


async def test_an_account_without_a_secret_takes_nothing(serve: Serve, publisher: MemoryPublisher) -> None:
    body = event_bytes()
    async with serve(publisher) as served:
        answer = await served.client.post("/webhooks/stripe/unset", content=body, headers=signed(body, ""))
    assert (answer.status_code, publisher.messages) == (400, [])


@pytest.mark.parametrize("blank", ["", " ", "\n"])
def test_a_blank_secret_by_which_anybody_could_sign_is_not_taken_as_one(blank: str) -> None:
    with pytest.raises(ValueError, match=r"stripe\.main\.webhook_secrets"):
        Account(MAIN, (SecretStr(SECRET), SecretStr(blank)))


async def test_neither_the_answer_nor_the_log_repeats_the_body_or_a_secret(
    serve: Serve, publisher: MemoryPublisher, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serve(publisher) as served:
        for body in (
            event_bytes(livemode="grace@example.com"),
            b"grace@example.com",
            event_bytes(id="grace@example.com"),
        ):
            answers = [await post(served, body), await post(served, body, {"stripe-signature": "t=1,v1=grace@"})]
            publisher.failures = 1
            answers.append(await post(served))
            assert [answer.status_code for answer in answers] == [400, 400, 503]
            assert not any("grace@" in answer.text or "whsec_" in answer.text for answer in answers)
    said = "".join(capsys.readouterr())
    assert "webhook refused" in said
    assert "grace@" not in said
    assert "whsec_" not in said


async def test_the_trace_of_the_request_goes_on_or_begins(serve: Serve, publisher: MemoryPublisher) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    async with serve(publisher) as served:
        await post(served, more={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
        await post(served)
    first, second = publisher.messages
    assert first.traceparent is not None
    assert second.traceparent is not None
    assert first.traceparent.split("-")[1] == trace != second.traceparent.split("-")[1]
    assert f'"traceparent":"{first.traceparent}"'.encode() in first.body


async def test_silence_can_be_told_from_the_start(serve: Serve, publisher: MemoryPublisher) -> None:
    async with serve(publisher) as served:
        assert served.metric("last_event_timestamp_seconds", account="shop-eu") == NOW.timestamp()
        assert served.metric("requests_total", account="shop-eu", status="200") == 0
        assert served.metric("request_duration_seconds_count") == 0
        await post(served)
        assert served.metric("requests_total", account="main", status="200") == 1
        assert served.metric("request_duration_seconds_count") == 1


async def test_strangers_cannot_make_the_metrics_grow(serve: Serve, publisher: MemoryPublisher) -> None:
    async with serve(publisher) as served:
        for number in range(5):
            await served.client.post(f"/webhooks/stripe/{number}", content=b"{}")
        assert served.metric("requests_total", account="unknown", status="404") == 5
        labels = {sample.labels.get("account") for each in served.registry.collect() for sample in each.samples}
    assert labels <= {None, "main", "shop-eu", "unset", "unknown"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_other_methods_are_told_which_one_there_is(serve: Serve, publisher: MemoryPublisher, method: str) -> None:
    async with serve(publisher) as served:
        answer = await served.client.request(method, PATH)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonx", 415),
        ("", 415),
    ],
)
async def test_only_json_is_taken(serve: Serve, publisher: MemoryPublisher, media_type: str, status: int) -> None:
    async with serve(publisher) as served:
        assert (await post(served, more={"content-type": media_type})).status_code == status
