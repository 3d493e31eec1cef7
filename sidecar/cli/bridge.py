"""`sidecar bridge`: take Stripe's webhooks."""

from sidecar.cli.command import ConfigOption, run_async, settings_or_fail
from sidecar.settings.settings import Settings


def bridge(config: ConfigOption = None) -> None:
    """Take Stripe's webhooks, verify them and put them onto the broker, until SIGTERM.

    Addresses are /webhooks/stripe/ACCOUNT, with the names from [stripe]; /healthz, /readyz and /metrics are served too.

    Example: SIDECAR_BRIDGE__PORT=8080 sidecar bridge --config /etc/sidecar/sidecar.toml
    """
    from sidecar.cli.tracing import traced
    from sidecar.observability.logs import configure_logs

    settings = settings_or_fail(config, "bridge")
    configure_logs()
    with traced(settings, "bridge"):
        run_async(_bridge(settings), starts=True)


async def _bridge(settings: Settings) -> None:
    from prometheus_client import CollectorRegistry

    from sidecar.adapters.broker_amqp.publisher import open_publisher
    from sidecar.bridge.app import Account, Bridge, BridgeOptions
    from sidecar.bridge.serving import ServingOptions, serve_bridge
    from sidecar.cli.signals import stop_on_signals
    from sidecar.observability.health import health_app
    from sidecar.observability.roles import BridgeRoleMetrics
    from sidecar.system_clock import SystemClock
    from sidecar.topology import Names

    stop = stop_on_signals()
    registry = CollectorRegistry()
    measured = BridgeRoleMetrics(registry)
    accounts = {
        name: Account(settings.stripe_ref(name), account.webhook_secrets) for name, account in settings.stripe.items()
    }
    options = BridgeOptions(
        accounts=accounts, tolerance=settings.bridge.tolerance, max_body_bytes=settings.bridge.max_body_bytes
    )
    async with open_publisher(settings.broker.url.get_secret_value(), Names(settings.broker.prefix)) as publisher:
        # Ready without the broker as well: Stripe has to be answered 503, and readiness would take the answer away.
        other = health_app(registry, lambda: {"configured": any(account.secrets for account in accounts.values())})
        app = Bridge(options, publisher, SystemClock(), measured.bridge, other)
        async with serve_bridge(app, ServingOptions(host=settings.bridge.host, port=settings.bridge.port)):
            await stop.wait()
