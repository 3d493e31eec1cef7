"""Customers over real processes: edited on both sides at once, failing upstreams, deleted, and brought in bulk."""

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from schemas.ids import MagentoCustomerId
from sidecar.sandbox.demo.stage import Plan, Stage, role, set_stage
from tests.acceptance.play import Play, playing

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240), pytest.mark.xdist_group("customers")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def play(broker_url: str, store_server_url: str) -> AsyncIterator[Play]:
    plan = Plan(roles=("bridge", "run"), disorder=0.4, stripe_timeout=2)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as found:
        yield found


class Numbers:
    """An address of its own for each account."""

    taken = 0


async def register(play: Play) -> MagentoCustomerId:
    Numbers.taken += 1
    return await play.accounts.register(f"someone{Numbers.taken}@example.com", f"Some One{Numbers.taken}")


async def writes(play: Play) -> int:
    return sum(count for name, count in (await play.calls()).items() if name.startswith("POST /v1/customers"))


async def test_random_edits_on_both_sides_converge_and_come_to_an_end(play: Play) -> None:
    accounts = [await register(play) for _ in range(6)]
    await play.accounts.agree(accounts)
    before = await writes(play)
    chance = random.Random(7)  # noqa: S311  # the same play each time
    edits = 0

    async def edit(account: MagentoCustomerId) -> None:
        nonlocal edits
        for number in range(6):
            where, what = chance.choice(("shop", "stripe")), chance.choice(("name", "phone", "city", "email"))
            edits += 1
            if where == "shop":
                new = {"name": f"Shop Name{number}", "city": f"Town {number}"}.get(what)
                field = {"phone": "telephone"}.get(what, what)
                value = new or (f"shop{account}.{number}@example.com" if what == "email" else f"55501{number:02}")
                await play.accounts.edit_in_shop(account, **{field: value})
            else:
                value = {"name": f"Stripe Name{number}", "email": f"stripe{account}.{number}@example.com"}.get(
                    what, f"55502{number:02}"
                )
                field = "address[city]" if what == "city" else what
                await play.accounts.edit_in_stripe(account, {field: value})
            await asyncio.sleep(chance.random() / 5)

    await asyncio.gather(*(edit(account) for account in accounts))
    await play.accounts.agree(accounts)
    await play.silent()
    await play.accounts.agree(accounts)
    assert await writes(play) - before <= 3 * edits
    assert await play.parked() == 0


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("timeout_after_commit", {"seconds": 3}),
        ("timeout_before", {"seconds": 3}),
        ("status_after_commit", {"status": 500}),
        ("status", {"status": 429}),
        ("cut_body", {}),
    ],
)
async def test_stripe_fails_once_and_the_account_has_one_customer(
    play: Play, kind: str, fields: dict[str, int]
) -> None:
    await play.stripe_fails(kind, "/v1/customers", method="POST", **fields)
    account = await register(play)
    await play.accounts.agree([account])


@pytest.mark.parametrize(
    "fault", [{"kind": "before", "status": 503}, {"kind": "after", "status": 500}, {"kind": "cut"}]
)
async def test_magento_fails_once_and_takes_the_edit(play: Play, fault: dict[str, object]) -> None:
    account = await register(play)
    await play.accounts.agree([account])
    await play.accounts.edit_in_stripe(account, {"phone": "5550177"})
    await play.magento_fails(f"/customers/{account}", **fault)
    await play.accounts.agree([account], lambda seen: seen.phone == "5550177")


async def test_who_is_deleted_in_stripe_comes_back_with_the_next_order(play: Play) -> None:
    account = await register(play)
    seen = (await play.accounts.agree([account]))[account]
    await play.accounts.delete_in_stripe(account)
    order = await play.place(customer_id=account, email=seen.account.email)
    await play.paid(order)
    again = (await play.accounts.agree([account]))[account]
    assert again.customers[0].id != seen.customers[0].id
    (intent,) = await play.intents_of(order)
    assert intent.customer == again.customers[0].id


async def test_a_guest_who_registers_has_one_customer_as_account_and_the_order_keeps_its_own(play: Play) -> None:
    Numbers.taken += 1
    email = f"someone{Numbers.taken}@example.com"
    order = await play.place(email=email)
    await play.paid(order)
    (intent,) = await play.intents_of(order)
    Numbers.taken -= 1
    account = await register(play)
    url = f"{play.stage.magento_url}/_sandbox/orders/{order}/assign/{account}"
    (await play.http.post(url)).raise_for_status()
    await play.accounts.edit_in_shop(account, name="Regular Customer")
    seen = (await play.accounts.agree([account]))[account]
    assert intent.customer is not None
    assert [each.id for each in await play.accounts.in_stripe() if each.email == email].count(intent.customer) == 1
    assert len(seen.customers) == 1


# In bulk.

MANY = 230
BATCH = 100


async def sync(stage: Stage, *arguments: str, **variables: str) -> tuple[int, dict[str, Any]]:
    """What `sidecar customers sync --json` ends with and prints."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sidecar", "customers", "sync", "--json", "--part", "1.0", *arguments,
        env=os.environ | {"SIDECAR_CONFIG": str(stage.config)} | variables,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, said = await running.communicate()
    assert printed or running.returncode == -signal.SIGKILL, said.decode()
    return running.returncode or 0, json.loads(printed) if printed else {}


async def test_customers_that_are_there_already_are_brought_and_a_killed_run_goes_on(
    broker_url: str, store_server_url: str
) -> None:
    async with set_stage(broker_url, store_server_url, Plan(roles=("bridge",))) as stage, playing(stage) as play:
        numbers = [await register(play) for _ in range(MANY)]
        code, tried = await sync(stage, "--dry-run")
        (found,) = tried["instances"]
        assert (code, found["seen"], found["effects"]) == (0, MANY, {"CreateCustomer": MANY})
        assert found["would"][0] == {"customer": "main/customer/1", "do": "create a customer in main/test"}
        assert await play.accounts.in_stripe() == []
        code, _ = await sync(stage, SIDECAR_CRASH_AT=f"after_effect:{BATCH + 30}")
        assert code == -signal.SIGKILL
        assert BATCH < len(await play.accounts.in_stripe()) < MANY
        code, done = await sync(stage)
        (found,) = done["instances"]
        assert (code, found["began_after"], found["seen"], found["finished"]) == (0, BATCH, MANY - BATCH, True)
        await play.accounts.agree(numbers)
        assert len(await play.accounts.in_stripe()) == MANY
        before = await writes(play)
        async with role(stage, "run"):  # the events that were waiting all the while have nothing to add
            await play.silent()
            assert (await sync(stage))[1]["instances"][0]["unchanged"] == MANY
        assert await writes(play) == before
        assert len(await play.accounts.in_stripe()) == MANY
