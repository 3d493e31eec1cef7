"""Idempotency keys (docs.stripe.com/api/idempotent_requests)."""

from collections import deque
from dataclasses import dataclass

from sidecar.sandbox.stripe.clock import SandboxClock
from sidecar.sandbox.stripe.errors import StripeError, invalid

KEPT_FOR = 24 * 3600
_LONGEST_KEY = 255


@dataclass(frozen=True)
class Answer:
    """A response as it went out the first time."""

    status: int
    body: bytes
    request_id: str


@dataclass
class _Entry:
    path: str
    fingerprint: int
    created: float
    answer: Answer | None = None


class IdempotencyKeys:
    """The keys of one account."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._entries: dict[str, _Entry] = {}
        self._ages: deque[tuple[float, str]] = deque()

    def __len__(self) -> int:
        return len(self._entries)

    def begin(self, key: str, path: str, fingerprint: int) -> Answer | None:
        """Claim a key, or return the answer that was given under it.

        Raises:
            StripeError: 400 `idempotency_error` when the key was used for something else, 409 while the first
                request under it is still running.
        """
        if len(key) > _LONGEST_KEY:
            raise invalid(f"Idempotency keys can have up to {_LONGEST_KEY} characters.")
        self._forget_old()
        entry = self._entries.get(key)
        if entry is None:
            now = self._clock.precise()
            self._entries[key] = _Entry(path, fingerprint, now)
            self._ages.append((now, key))
            return None
        if entry.path != path:
            raise _error(
                400,
                "Keys for idempotent requests can only be used for the same endpoint they were first used for "
                f"('{path}' vs '{entry.path}'). Try using a key other than '{key}' if you meant to execute a different "
                "request.",
            )
        if entry.fingerprint != fingerprint:
            raise _error(
                400,
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request.",
            )
        if entry.answer is None:
            raise _error(
                409,
                "There is currently another in-progress request using this idempotent key (that probably means you "
                f"submitted twice, and the other request is still going through): {key}. Please try again later.",
                code="idempotency_key_in_use",
            )
        return entry.answer

    def finish(self, key: str, answer: Answer) -> None:
        """Keep the answer for whoever asks again."""
        entry = self._entries.get(key)
        if entry is not None:
            entry.answer = answer

    def release(self, key: str) -> None:
        """Forget a key under which nothing was executed."""
        self._entries.pop(key, None)

    def _forget_old(self) -> None:
        limit = self._clock.precise() - KEPT_FOR
        while self._ages and self._ages[0][0] <= limit:
            created, key = self._ages.popleft()
            entry = self._entries.get(key)
            if entry is not None and entry.created == created and entry.answer is not None:
                del self._entries[key]


def _error(status: int, message: str, code: str | None = None) -> StripeError:
    return StripeError(status, message, type="idempotency_error", code=code, saved=False)
