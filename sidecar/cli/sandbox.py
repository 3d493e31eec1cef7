"""`sidecar sandbox`: the stand-ins for Stripe and Magento."""

import contextlib
from typing import Annotated

import typer

from sidecar.cli.command import run_async

app = typer.Typer(help="Stand-ins for Stripe and Magento: for the demo, tests and rehearsals.", no_args_is_help=True)

Port = Annotated[int, typer.Option(help="Port to listen on.")]
Host = Annotated[
    str, typer.Option(help="Address to listen on. Anybody who reaches a stand-in may do with it as they like.")
]


@app.command("stripe")
def stripe(
    port: Port = 12111,
    host: Host = "127.0.0.1",
    public_url: Annotated[
        str | None, typer.Option(help="Where a browser finds its pages, if not at this port of loopback.")
    ] = None,
    secret_key: Annotated[
        str, typer.Option(envvar="SANDBOX_STRIPE_KEY", help="The key to accept.")
    ] = "sk_test_sandbox",
    account: Annotated[str, typer.Option(help="The account's name.")] = "main",
    webhook_url: Annotated[str | None, typer.Option(help="Where events are sent.")] = None,
    webhook_secret: Annotated[
        str, typer.Option(envvar="SANDBOX_WEBHOOK_SECRET", help="What they are signed with.")
    ] = "whsec_sandbox",
    duplicated: Annotated[float, typer.Option(min=0, max=1, help="Share of events that are sent twice.")] = 0.0,
    reordered: Annotated[float, typer.Option(min=0, max=1, help="Share that the next event overtakes.")] = 0.0,
    lost: Annotated[float, typer.Option(min=0, max=1, help="Share that is never sent, only listed.")] = 0.0,
    late: Annotated[float, typer.Option(min=0, max=1, help="Share that is sent late.")] = 0.0,
    seed: Annotated[int | None, typer.Option(help="Makes disorder and ids repeatable.")] = None,
    requests_per_second: Annotated[
        int | None, typer.Option(help="The account's limit; 25 without it, as Stripe's own sandboxes have.")
    ] = None,
    rate_limits: Annotated[bool, typer.Option(help="Refuse calls over the limits.")] = True,
) -> None:
    """Run a stateful stand-in for Stripe, until SIGTERM.

    Example: sidecar sandbox stripe --webhook-url http://127.0.0.1:8080/webhooks/stripe/main
    """
    from pydantic import SecretStr

    from sidecar.sandbox.stripe.app import create_app
    from sidecar.sandbox.stripe.config import (
        AccountConfig,
        Delivery,
        RateLimits,
        StripeSandboxConfig,
        WebhookTarget,
    )

    targets = (WebhookTarget(url=webhook_url, secrets=(SecretStr(webhook_secret),)),) if webhook_url else ()
    config = StripeSandboxConfig(
        accounts={account: AccountConfig(secret_keys=(SecretStr(secret_key),), webhook_endpoints=targets)},
        delivery=Delivery(duplicated=duplicated, reordered=reordered, lost=lost, late=late),
        rate_limits=RateLimits(enabled=rate_limits, overall=requests_per_second),
        seed=seed,
        public_url=public_url or f"http://127.0.0.1:{port}",
    )
    run_async(_serve(create_app(config), host, port))


@app.command("magento")
def magento(
    database_url: Annotated[str, typer.Option(envvar="SANDBOX_DATABASE_URL", help="A database of its own (MySQL).")],
    broker_url: Annotated[str, typer.Option(envvar="SANDBOX_BROKER_URL", help="Where its outbox publishes.")],
    port: Port = 12112,
    host: Host = "127.0.0.1",
    prefix: Annotated[str, typer.Option(help="Before exchange names, as [broker] prefix.")] = "",
    token: Annotated[str, typer.Option(envvar="SANDBOX_MAGENTO_TOKEN", help="The token to accept.")] = "sandbox",
    instance: Annotated[str, typer.Option(help="The name that its events carry.")] = "main",
) -> None:
    """Run a stand-in for Magento, with its tables in a real database, until SIGTERM.

    Example: SANDBOX_DATABASE_URL=mysql://root@db/shop SANDBOX_BROKER_URL=amqp://broker sidecar sandbox magento
    """
    from sidecar.adapters.broker_amqp.publisher import open_publisher
    from sidecar.sandbox.magento.app import create_app
    from sidecar.sandbox.magento.config import MagentoSandboxConfig
    from sidecar.topology import Names

    async def serve() -> None:
        async with open_publisher(broker_url, Names(prefix)) as publisher:
            config = MagentoSandboxConfig(instance=instance, token=token, database_url=database_url)
            await _serve(create_app(config, publisher), host, port)

    run_async(serve())


async def _serve(application: object, host: str, port: int) -> None:
    import uvicorn

    from sidecar.observability.logs import configure_logs

    configure_logs("warning")
    config = uvicorn.Config(application, host=host, port=port, log_config=None, access_log=False)  # type: ignore[arg-type]  # any ASGI application
    with contextlib.suppress(KeyboardInterrupt):
        await uvicorn.Server(config).serve()
