"""What the broker's client raises, as one error of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from aio_pika.exceptions import AMQPError, DeliveryError, PublishError
from aiormq.exceptions import ChannelInvalidStateError

from sidecar.errors import TransientError


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn every failure of the broker into `TransientError`; addresses and credentials stay out of it."""
    try:
        yield
    except PublishError:
        raise TransientError(
            "broker", "unroutable", f"{doing}: no queue is bound; run `sidecar topology apply`"
        ) from None
    except DeliveryError:
        raise TransientError("broker", "refused", f"{doing}: the broker refused the message") from None
    except TimeoutError:
        raise TransientError("broker", "timeout", doing) from None
    except (AMQPError, ChannelInvalidStateError, ConnectionError, OSError, RuntimeError) as error:
        raise TransientError("broker", "unreachable", f"{doing}: {type(error).__name__}") from None
