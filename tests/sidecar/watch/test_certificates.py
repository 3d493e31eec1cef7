"""What is seen of certificates: real handshakes with servers on loopback."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from prometheus_client import CollectorRegistry
from typing_extensions import override

from sidecar.errors import UnauthorizedError
from sidecar.observability.certificate_metrics import CertificateMetrics
from sidecar.ports.payments import WebhookEndpoint
from sidecar.settings.settings import Settings
from sidecar.watch.certificates import (
    NoCertificateError,
    Target,
    bridge_targets,
    look_at_certificates,
    read_certificate,
    targets_of,
)
from tests.consumers.builders import STRIPE
from tests.fakes.payments import FakePayments

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def a_certificate(folder: Path, *, days: int, address: str = "127.0.0.1") -> tuple[Path, Path]:
    """A certificate that signs itself, from a year ago until so many days from now; the files of it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=365))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "cert.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file


@asynccontextmanager
async def server(files: tuple[Path, Path] | None) -> AsyncIterator[Target]:
    """Something on loopback: TLS with these files, or a port that answers in plain text."""
    context = None
    if files is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    running = await asyncio.start_server(greet, "127.0.0.1", 0, ssl=context)
    async with running:
        yield Target("magento shop", "127.0.0.1", running.sockets[0].getsockname()[1])


async def test_a_certificate_of_a_known_authority_is_trusted(folder: Path) -> None:
    files = a_certificate(folder, days=20)
    async with server(files) as target:
        seen = await read_certificate(target, ssl.create_default_context(cafile=str(files[0])))
    assert (seen.not_after, seen.trusted) == (NOW + timedelta(days=20), True)


async def test_one_that_nobody_vouches_for_still_tells_its_end(folder: Path) -> None:
    async with server(a_certificate(folder, days=20)) as target:
        seen = await read_certificate(target)
    assert (seen.not_after, seen.trusted) == (NOW + timedelta(days=20), False)
    assert seen.why_not


async def test_one_that_has_ended_tells_when(folder: Path) -> None:
    files = a_certificate(folder, days=-3)
    async with server(files) as target:
        seen = await read_certificate(target, ssl.create_default_context(cafile=str(files[0])))
    assert (seen.not_after, seen.trusted) == (NOW - timedelta(days=3), False)
    assert "expired" in seen.why_not


async def test_one_of_another_name_is_not_trusted(folder: Path) -> None:
    files = a_certificate(folder, days=20, address="192.0.2.1")
    async with server(files) as target:
        seen = await read_certificate(target, ssl.create_default_context(cafile=str(files[0])))
    assert not seen.trusted


async def test_who_speaks_no_tls_shows_none() -> None:
    async with server(None) as target:
        with pytest.raises(NoCertificateError):
            await read_certificate(target)


async def test_one_that_cannot_be_reached_keeps_nobody_from_being_looked_at(folder: Path) -> None:
    registry = CollectorRegistry()
    metrics = CertificateMetrics(registry)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        away = Target("broker", "127.0.0.1", closed.getsockname()[1])
        async with server(a_certificate(folder, days=20)) as target:
            await look_at_certificates([away, target], metrics)
    value = registry.get_sample_value
    name = "sidecar_certificate_not_after_timestamp_seconds"
    assert value(name, {"target": "magento shop"}) == (NOW + timedelta(days=20)).timestamp()
    assert value("sidecar_certificate_trusted", {"target": "magento shop"}) == 0
    assert value(name, {"target": "broker"}) is None


def test_addresses_with_tls_are_looked_at_and_others_are_not() -> None:
    settings = Settings.model_validate(
        {
            "broker": {"url": "amqps://guest:secret@rabbit.example/"},
            "store": {"url": "mysql://sidecar@db/sidecar"},
            "stripe": {"main": {"mode": "test", "secret_key": "sk_test_1"}},
            "magento": {
                "shop": {"base_url": "https://shop.example", "token": "t"},
                "odd": {"base_url": "https://odd.example:8443/magento", "token": "t"},
                "plain": {"base_url": "http://127.0.0.1:8080", "token": "t"},
                "by-database": {"adapter": "db", "database_url": "mysql://magento@db/magento"},
            },
            "stores": [{"instance": "shop", "stripe": "main"}],
        }
    )
    assert targets_of(settings) == [
        Target("magento shop", "shop.example", 443),
        Target("magento odd", "odd.example", 8443),
        Target("broker", "rabbit.example", 5671),
    ]


class Account(FakePayments):
    """An account with given endpoints, or whose key may not read them."""

    def __init__(self, *endpoints: WebhookEndpoint) -> None:
        super().__init__(STRIPE, lambda: NOW)
        self._given = endpoints

    @override
    async def list_webhook_endpoints(self) -> tuple[WebhookEndpoint, ...]:
        if not self._given:
            raise UnauthorizedError("stripe", "http_403", "the key may not")
        return self._given


def an_endpoint(url: str, status: str = "enabled") -> WebhookEndpoint:
    return WebhookEndpoint(id="we_1", url=url, status=status, enabled_events=("*",))


async def test_the_bridge_is_where_stripe_sends_its_events() -> None:
    account = Account(
        an_endpoint("https://hooks.example/webhooks/stripe/other"),
        an_endpoint("https://old.example/webhooks/stripe/main", "disabled"),
        an_endpoint("https://hooks.example/webhooks/stripe/main"),
    )
    assert await bridge_targets([account]) == [Target("bridge main", "hooks.example", 443)]


async def test_a_key_that_may_not_read_endpoints_is_no_failure() -> None:
    assert await bridge_targets([Account()]) == []
