"""Looks at the TLS certificates of the addresses that the settings name, and of the bridge's own, as Stripe knows it.

What has no certificate that can be seen so is left out: a database speaks its own protocol before TLS.
"""

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import structlog
from cryptography import x509

from sidecar.errors import UpstreamError
from sidecar.observability.certificate_metrics import CertificateMetrics
from sidecar.ports.payments import Payments
from sidecar.settings.settings import Settings

log = structlog.get_logger("sidecar.watch")

PATIENCE = 10.0
PORTS = {"https": 443, "amqps": 5671}


@dataclass(frozen=True, slots=True)
class Target:
    """An address that should show a certificate."""

    name: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """What it showed.

    Attributes:
        trusted: whether its chain leads to a public authority and its name fits.
        why_not: OpenSSL's word, where it is not.
    """

    not_after: datetime
    trusted: bool
    why_not: str = ""


class NoCertificateError(Exception):
    """The address could not be reached or does not speak TLS; the message says why, without the address."""


def targets_of(settings: Settings) -> list[Target]:
    """The addresses in the settings that speak TLS from the first byte."""
    addresses = {f"magento {name}": each.base_url for name, each in settings.magento.items() if each.base_url}
    addresses["broker"] = settings.broker.url.get_secret_value()
    return [target for name, url in addresses.items() if (target := _target(name, url)) is not None]


async def bridge_targets(accounts: Sequence[Payments]) -> list[Target]:
    """The bridge's addresses, as each account of Stripe's has them.

    An account that does not say (its key may not read webhook endpoints, Stripe is away) is left out.
    """
    found: list[Target] = []
    for account in accounts:
        try:
            endpoints = await account.list_webhook_endpoints()
        except UpstreamError as error:
            log.info("the bridge's address is not known", account=str(account.ref), detail=str(error))
            continue
        path = f"/webhooks/stripe/{account.ref.account}"
        ours = [each.url for each in endpoints if each.status == "enabled" and each.url.endswith(path)]
        found += [target for url in ours[:1] if (target := _target(f"bridge {account.ref.account}", url)) is not None]
    return found


async def look_at_certificates(targets: Sequence[Target], metrics: CertificateMetrics) -> dict[str, Certificate]:
    """Look at each and show it; gives what was seen. One that does not answer keeps what was shown last."""
    seen: dict[str, Certificate] = {}
    for target in targets:
        try:
            certificate = seen[target.name] = await read_certificate(target)
        except NoCertificateError as error:
            log.warning("no certificate to be seen", target=target.name, detail=str(error))
            continue
        metrics.not_after.labels(target.name).set(certificate.not_after.timestamp())
        metrics.trusted.labels(target.name).set(certificate.trusted)
    return seen


async def read_certificate(target: Target, authorities: ssl.SSLContext | None = None) -> Certificate:
    """Shake hands and hang up.

    Args:
        target: where.
        authorities: whom to trust; the public ones unless given.

    Raises:
        NoCertificateError: nobody answers, or not in TLS.
    """
    trusting = authorities or ssl.create_default_context()
    try:
        return Certificate(await _shake_hands(target, trusting), trusted=True)
    except ssl.SSLCertVerificationError as error:
        # It is looked at all the same, since its date is what is wanted. Nothing is sent.
        blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        blind.check_hostname = False
        blind.verify_mode = ssl.CERT_NONE
        try:
            not_after = await _shake_hands(target, blind)
        except (OSError, TimeoutError) as failure:
            raise NoCertificateError(type(failure).__name__) from None
        return Certificate(not_after, trusted=False, why_not=error.verify_message)
    except (OSError, TimeoutError) as error:
        raise NoCertificateError(type(error).__name__) from None


async def _shake_hands(target: Target, context: ssl.SSLContext) -> datetime:
    async with asyncio.timeout(PATIENCE):
        _, writer = await asyncio.open_connection(target.host, target.port, ssl=context, server_hostname=target.host)
    try:
        transport: ssl.SSLObject = writer.get_extra_info("ssl_object")
        certificate = x509.load_der_x509_certificate(transport.getpeercert(binary_form=True) or b"")
        return certificate.not_valid_after_utc.astimezone(UTC)
    finally:
        writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await writer.wait_closed()


def _target(name: str, url: str) -> Target | None:
    address = urlsplit(url)
    if address.scheme not in PORTS or not address.hostname:
        return None
    return Target(name, address.hostname, address.port or PORTS[address.scheme])
