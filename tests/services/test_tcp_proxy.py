"""Whether the line does to a client what it says."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from yarl import URL

from tests.services.tcp_proxy import TcpProxy

PATIENCE = 5.0


class Echo:
    """Answers with what it was sent, and remembers it."""

    def __init__(self) -> None:
        self.received = asyncio.Queue[bytes]()
        self.ended = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(1024):
                self.received.put_nowait(data)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            self.ended.set()
            writer.close()


@pytest.fixture
async def echo() -> Echo:
    return Echo()


@pytest.fixture
async def proxy(echo: Echo) -> AsyncIterator[TcpProxy]:
    async with await asyncio.start_server(echo.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with TcpProxy(f"http://127.0.0.1:{port}/") as proxy, asyncio.timeout(PATIENCE):
            yield proxy


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def ask(self, data: bytes) -> bytes:
        self.send(data)
        return await self.reader.readexactly(len(data))

    def send(self, data: bytes) -> None:
        self.writer.write(data)


async def connect(proxy: TcpProxy) -> Client:
    url = URL(proxy.url)
    return Client(*await asyncio.open_connection(url.host, url.port))


@pytest.fixture
async def client(proxy: TcpProxy) -> AsyncIterator[Client]:
    client = await connect(proxy)
    assert await client.ask(b"hello") == b"hello"
    yield client
    client.writer.close()


async def is_silent(client: Client) -> bool:
    """Nothing comes: asked of the loop a hundred times, so that what is under way has had its turn."""
    reading = asyncio.ensure_future(client.reader.read(1))
    for _ in range(100):
        await asyncio.sleep(0)
    silent = not reading.done()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    return silent


async def test_cut_resets_what_is_open(proxy: TcpProxy, client: Client) -> None:
    assert proxy.connections == 1
    await proxy.cut()
    assert proxy.connections == 0
    with pytest.raises(ConnectionResetError):
        await client.reader.read(1)


async def test_cut_refuses_what_is_new_and_restore_takes_it_on_the_same_port(proxy: TcpProxy) -> None:
    before = proxy.url
    await proxy.cut()
    with pytest.raises(ConnectionRefusedError):
        await connect(proxy)
    await proxy.restore()
    assert proxy.url == before
    client = await connect(proxy)
    assert await client.ask(b"again") == b"again"
    client.writer.close()


async def test_the_server_hears_of_a_cut(proxy: TcpProxy, client: Client, echo: Echo) -> None:
    await proxy.cut()
    await echo.ended.wait()
    assert client.reader is not None


async def test_a_black_hole_takes_connections_and_answers_nobody(proxy: TcpProxy, client: Client, echo: Echo) -> None:
    echo.received.get_nowait()
    proxy.black_hole()
    new = await connect(proxy)
    for each in (client, new):
        each.send(b"anyone?")
        assert await is_silent(each)
    assert echo.received.empty()
    await proxy.restore()
    assert await new.reader.readexactly(7) == b"anyone?"
    assert await client.reader.readexactly(7) == b"anyone?"
    new.writer.close()


async def test_only_the_answers_are_lost(proxy: TcpProxy, client: Client, echo: Echo) -> None:
    echo.received.get_nowait()
    proxy.black_hole(answers_only=True)
    client.send(b"do it")
    assert await echo.received.get() == b"do it"
    assert await is_silent(client)


async def test_what_is_delayed_arrives_in_order(proxy: TcpProxy, client: Client) -> None:
    proxy.delay(0.01)
    assert await client.ask(b"first") == b"first"
    client.send(b"one")
    assert await client.ask(b"two") == b"one"
    assert await client.reader.readexactly(3) == b"two"


async def test_restore_ends_a_delay(proxy: TcpProxy, client: Client) -> None:
    proxy.delay(3600)
    client.send(b"late")
    assert await is_silent(client)
    await proxy.restore()
    assert await client.reader.readexactly(4) == b"late"


async def test_half_close_ends_the_answers_only(proxy: TcpProxy, client: Client, echo: Echo) -> None:
    echo.received.get_nowait()
    proxy.half_close()
    assert await client.reader.read() == b""
    for said in (b"still here", b"and still"):  # the first is answered, and nobody may be told
        client.send(said)
        assert await echo.received.get() == said


async def test_an_end_of_the_stream_goes_through(client: Client, echo: Echo) -> None:
    client.writer.write_eof()
    await echo.ended.wait()
    assert await client.reader.read() == b""


async def test_a_server_that_is_away_is_a_reset(proxy: TcpProxy) -> None:
    async with TcpProxy("http://127.0.0.1:1/") as nowhere:
        client = await connect(nowhere)
        with pytest.raises(ConnectionResetError):
            await client.reader.readexactly(1)
        client.writer.close()
    assert proxy.connections == 0


@pytest.mark.parametrize("url", ["amqp://guest:secret@broker.example/vhost", "mysql://root@store.example/database"])
async def test_the_address_differs_in_host_and_port_only(url: str) -> None:
    async with TcpProxy(url) as proxy:
        through, target = URL(proxy.url), URL(url)
        assert (through.scheme, through.user, through.password, through.path) == (
            target.scheme,
            target.user,
            target.password,
            target.path,
        )
        assert through.host == "127.0.0.1"
