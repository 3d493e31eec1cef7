"""Write-backs to a Magento that has shoppers too: how many at once, found out or fixed."""

import asyncio, sys, time, statistics
from decimal import Decimal
import httpx
from contextlib import asynccontextmanager
from pydantic import SecretStr
from schemas.ids import *
from sidecar.adapters.magento_rest.authorization import BearerAuth
from sidecar.adapters.magento_rest.client import MagentoClient
from sidecar.adapters.magento_rest.orders import RestOrders
from sidecar.errors import TransientError
from sidecar.limiter.places import Places
from sidecar.ports.magento import PaymentDetails
from tests.bench.pipelines.magento_stand_in import PhpFpm, serving


class Fixed(Places):
    def __init__(self, n):
        super().__init__("magento", n)
        self._n = n

    @property
    def most(self):
        return self._n

    def complain(self, pause):
        pass


async def one(places, server, url, count, retry=1.0):
    lat = []
    errors = 0
    server.forget()
    async with httpx.AsyncClient(
        base_url=f"{url}/rest/V1/",
        auth=BearerAuth(SecretStr("t")),
        limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
        timeout=30,
    ) as http:
        orders = RestOrders(Instance("shop"), MagentoClient(http, places=places))

        async def do(n):
            nonlocal errors
            due = time.perf_counter()
            while True:
                t = time.perf_counter()
                try:
                    await orders.record_capture(
                        MagentoOrderId(n),
                        PaymentDetails(
                            stripe=StripeRef(account="main", mode="test"),
                            payment_intent_id=f"pi_{n}",
                            charge_id=None,
                            amount=Decimal("87.48"),
                            currency="USD",
                        ),
                    )
                    break
                except TransientError:
                    errors += 1
                    await asyncio.sleep(retry)

        t0 = time.perf_counter()
        await asyncio.gather(*(do(n) for n in range(1, count + 1)))
        took = time.perf_counter() - t0

    def p(x, q):
        x = sorted(x)
        return x[min(len(x) - 1, int(len(x) * q))] * 1000 if x else 0

    w = server.waits
    return (
        count / took,
        errors,
        p(w["sidecar"], 0.5),
        p(w["sidecar"], 0.99),
        p(w["shopper"], 0.5),
        p(w["shopper"], 0.99),
        server.refused["shopper"],
        len(w["shopper"]),
    )


async def main(rounds, count, shoppers):
    server = PhpFpm()
    async with serving(server, shoppers) as url:
        for r in range(rounds):
            for name in ("adaptive", "1", "4", "8", "16", "32"):
                places = Places("magento", 32) if name == "adaptive" else Fixed(int(name))
                rate, e, a, b, c, d, ref, n = await one(places, server, url, count if name != "1" else count // 4)
                print(
                    f"{name:9} {rate:5.0f}/s errors {e:3} p50 {a:4.0f} p99 {b:5.0f} | shoppers p50 {c:4.0f} p99 {d:5.0f} refused {ref}/{n} limit {places.most}",
                    flush=True,
                )
                await asyncio.sleep(0.5)


import uvloop

uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
