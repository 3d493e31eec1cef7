"""`orders` against Stripe's limits, without them, and one at a time."""

import asyncio, sys, statistics, time
from dataclasses import replace
from consumers.orders import CONSUMER
from sidecar.sandbox.stripe.config import RateLimits
from tests.bench.pipelines.contest import contest, record
from tests.bench.pipelines.scene import TEMPLATE, scene, MAGENTO_TABLES, UNLIMITED
from tests.bench.pipelines.databases import clone
from tests.bench.pipelines.stripe_stand_in import Latency, Upstream, answering


async def put(at, numbers):
    await clone(at.magento_url, MAGENTO_TABLES, numbers, TEMPLATE, {})
    await at.publish("magento.events", "order.placed.v1", [at.story.about(at.story.placed, n) for n in numbers])


async def limits(at, burst, start):
    up = Upstream(at.story.answers, Latency(0.150), RateLimits(overall=100, per_endpoint=25))
    at = replace(at, stripe={"requests_per_second": 100})
    async with answering(up) as url, contest(at, "orders", url, ("sidecar",), None, 0) as c:
        numbers = range(start, start + burst)
        await put(at, numbers)
        t = await c["sidecar"].take(numbers)
        times = sorted(up.accepted["POST /v1/payment_intents"])
        calls = sum(map(len, up.accepted.values()))
        for k, v in up.accepted.items():
            v = sorted(v)
            print(
                k,
                f"{(len(v) - 1) / (v[-1] - v[0]):.2f}/s",
                f"middle {(len(v) // 2) / (v[len(v) * 3 // 4] - v[len(v) * 3 // 4 - len(v) // 2]):.2f}",
            )
        print({k: len(v) for k, v in up.accepted.items()})
        rate = (len(times) - 1) / (times[-1] - times[0])
        print(
            f"{burst} orders in {t.seconds:.1f} s; payments {rate:.2f}/s = {rate / 25:.1%} of 25/s; refused {up.refused} of {calls} = {up.refused / calls:.2%}; whole {burst / 25 / t.seconds:.1%}"
        )
    return numbers.stop


async def raised(at, burst, start, rounds, hands):
    up = Upstream(at.story.answers, Latency(0.02))
    async with answering(up) as url:
        numbers = range(start, start + 2)
        await clone(at.magento_url, MAGENTO_TABLES, numbers, TEMPLATE, {})
        script = await record(at, CONSUMER, url, *(at.story.about(at.story.placed, n) for n in numbers))
        for s in script.steps:
            print("   ", s.where, " ".join(s.what.split())[:90])
        print({w: script.count(w) for w in ("store", "magento", "stripe", "broker")})
        start += 2
        async with contest(at, "orders", url, ("sidecar", "floor"), script, numbers[-1], hands) as c:
            for r in range(rounds + 1):
                for v in ("sidecar", "floor"):
                    numbers = range(start, start + (burst if r else 60))
                    start = numbers.stop
                    await put(at, numbers)
                    t = await c[v].take(numbers)
                    print(v, f"{t.rate:.0f}/s cpu {t.processor / t.messages * 1e3:.2f} ms")
    return start


async def idle(at, count, start):
    up = Upstream(at.story.answers, Latency(0.150))
    own = []
    async with answering(up) as url, contest(at, "orders", url, ("sidecar",), None, 0) as c:
        for n in range(start, start + count):
            await put(at, range(n, n + 1))
            t = await c["sidecar"].take(range(n, n + 1))
            own.append((t.seconds - up.waited[str(n)]) * 1e3)
    own = sorted(own[5:])
    print(f"idle: own share p50 {statistics.median(own):.1f} ms p99 {own[int(len(own) * 0.99)]:.1f} min {own[0]:.1f}")


async def main(which, n):
    async with scene(
        "amqp://guest:guest@127.0.0.1:5672/", "mysql://root@127.0.0.1:3306/", paid_at_once=True, concurrency=32
    ) as at:
        if which == "limits":
            await limits(at, n, TEMPLATE + 1)
        if which == "raised":
            await raised(at, n, TEMPLATE + 1, 2, 16)
        if which == "idle":
            await idle(at, n, TEMPLATE + 1)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
