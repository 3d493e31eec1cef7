"""`stripe_events`: an event that a payment succeeded, beside the same statements without us."""

import argparse
import asyncio
import statistics
import sys

from consumers.stripe_events import CONSUMER
from tests.bench.pipelines.contest import Variant, contest, record
from tests.bench.pipelines.scene import TEMPLATE, scene
from tests.bench.pipelines.stripe_stand_in import Upstream, answering

VARIANTS: tuple[Variant, ...] = ("sidecar", "floor", "faststream")


async def main(rounds, messages):
    async with scene("amqp://guest:guest@127.0.0.1:5672/", "mysql://root@127.0.0.1:3306/", concurrency=16) as at:
        async with answering(Upstream(at.story.answers)) as url:
            first = TEMPLATE + 1
            await at.add_orders(range(first, first + 2))
            script = await record(
                at, CONSUMER, url, *(at.story.about(at.story.succeeded, n) for n in (first, first + 1))
            )
            first += 1
            print({w: script.count(w) for w in ("store", "magento", "stripe", "broker")})
            last = first + 1
            rates = {v: [] for v in VARIANTS}
            cpu = {v: [] for v in VARIANTS}
            async with contest(at, "stripe-events", url, VARIANTS, script, first) as contestants:
                for r in range(rounds + 1):
                    order = VARIANTS if r % 2 else VARIANTS[::-1]
                    for v in order:
                        numbers = range(last, last + (messages if r else 100))
                        last = numbers.stop
                        await at.add_orders(numbers)
                        await at.publish(
                            "stripe.events",
                            "main.test.payment_intent.succeeded",
                            [at.story.about(at.story.succeeded, n) for n in numbers],
                        )
                        turn = await contestants[v].take(numbers)
                        if r:
                            rates[v].append(turn.rate)
                            cpu[v].append(turn.processor / turn.messages * 1e3)
                        print(
                            r,
                            v,
                            round(turn.rate),
                            "/s",
                            round(turn.processor / turn.messages * 1e3, 2),
                            "ms cpu",
                            flush=True,
                        )
            f = statistics.median(rates["floor"])
            for v in VARIANTS:
                m = statistics.median(rates[v])
                print(
                    f"{v}: {m:.0f}/s x{m / f:.2f} cpu {statistics.median(cpu[v]):.2f} ms  ratios {[round(a / b, 2) for a, b in zip(rates[v], rates['floor'])]}"
                )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
