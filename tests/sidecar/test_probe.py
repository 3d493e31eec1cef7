"""What the health check of a container says, and when."""

import socket
from asyncio import to_thread
from pathlib import Path
from threading import Thread

import pytest
from prometheus_client import CollectorRegistry
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.observability.health import health_app, serve_health
from sidecar.observability.probe import probe
from tests.services.debian.home import free_port

HERE = "127.0.0.1"
SETTINGS = """
[broker]
url = "amqp://broker/"
[store]
url = "mysql://db/sidecar"
[stripe.main]
mode = "test"
secret_key = "sk_test_secret"
[magento.shop]
base_url = "https://shop.example"
token = "token"
[[stores]]
instance = "shop"
stripe = "main"
[bridge]
host = "0.0.0.0"
port = {bridge}
[runtime]
http_host = "0.0.0.0"
http_port = {run}
"""


async def ask(tmp_path: Path, *arguments: str, run: int, bridge: int) -> tuple[int, str]:
    config = tmp_path / "sidecar.toml"
    config.write_text(SETTINGS.format(run=run, bridge=bridge))
    ended = await to_thread(CliRunner().invoke, app, ["healthcheck", *arguments, "--config", str(config)])
    return ended.exit_code, ended.output


@pytest.mark.parametrize(("needs", "alive", "ready"), [({"broker": True}, 0, 0), ({"broker": False}, 0, 1)])
async def test_is_a_process_alive_and_is_it_ready(
    tmp_path: Path, needs: dict[str, bool], alive: int, ready: int
) -> None:
    async with serve_health(health_app(CollectorRegistry(), lambda: needs), HERE, 0) as port:
        for arguments in ([], ["run"], ["timers"]):
            assert (await ask(tmp_path, *arguments, run=port, bridge=free_port()))[0] == alive
        code, told = await ask(tmp_path, "--ready", run=port, bridge=free_port())
    assert code == ready
    assert ("broker: no" in told) is bool(ready)


async def test_who_is_named_has_to_answer_although_another_does(tmp_path: Path) -> None:
    async with serve_health(health_app(CollectorRegistry(), dict), HERE, 0) as port:
        code, told = await ask(tmp_path, "bridge", run=port, bridge=free_port())
    assert code == 1
    assert "ConnectionRefusedError" in told


async def test_nobody_answers(tmp_path: Path) -> None:
    assert (await ask(tmp_path, run=free_port(), bridge=free_port()))[0] == 1


async def test_a_port_that_is_chosen_freely_cannot_be_asked(tmp_path: Path) -> None:
    assert (await ask(tmp_path, run=0, bridge=free_port()))[0] == 2


def test_who_takes_the_connection_and_says_nothing_is_not_well() -> None:
    with socket.create_server((HERE, 0)) as silent:
        answer = probe(HERE, silent.getsockname()[1], "/healthz", patience=0.2)
    assert (answer.reached, answer.well) == (False, False)
    assert "TimeoutError" in answer.detail


@pytest.mark.parametrize("answer", [b"nonsense\r\n\r\n", b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\n[]"])
def test_who_does_not_speak_as_we_do_is_not_well(answer: bytes) -> None:
    with socket.create_server((HERE, 0)) as server:

        def speak() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answer)

        Thread(target=speak, daemon=True).start()
        assert not probe(HERE, server.getsockname()[1], "/healthz").well
