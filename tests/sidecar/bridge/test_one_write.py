"""Head and body of a response leave together, in order, and nothing stays behind."""

import asyncio

from typing_extensions import override

from sidecar.bridge.one_write import OneWrite, with_one_write


class Taking(asyncio.Transport):
    """Keeps what is written to it, a piece for each write."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 4242)})
        self.taken: list[bytes] = []

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.taken.append(bytes(data))

    @override
    def close(self) -> None:
        self.taken.append(b"closed")


async def test_what_is_written_in_one_turn_leaves_in_one_write() -> None:
    transport = Taking()
    once = OneWrite(transport)

    once.write(b"head ")
    once.write(b"body")
    assert transport.taken == []
    await asyncio.sleep(0)

    assert transport.taken == [b"head body"]


async def test_a_later_turn_has_a_write_of_its_own() -> None:
    transport = Taking()
    once = OneWrite(transport)

    for part in (b"first", b"second"):
        once.write(part)
        await asyncio.sleep(0)

    assert transport.taken == [b"first", b"second"]


async def test_what_is_held_leaves_before_the_connection_is_closed() -> None:
    transport = Taking()
    once = OneWrite(transport)

    once.write(b"refused")
    once.close()
    await asyncio.sleep(0)

    assert transport.taken == [b"refused", b"closed"]


async def test_it_tells_of_the_connection_what_the_transport_does() -> None:
    assert OneWrite(Taking()).get_extra_info("peername") == ("127.0.0.1", 4242)


async def test_a_protocol_gets_it_in_the_place_of_its_transport() -> None:
    class Greeting(asyncio.Protocol):
        @override
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            transport.write(b"a")  # type: ignore[attr-defined]  # it is one that writes
            transport.write(b"b")  # type: ignore[attr-defined]  # same

    transport = Taking()
    with_one_write(Greeting)().connection_made(transport)
    await asyncio.sleep(0)

    assert transport.taken == [b"ab"]
