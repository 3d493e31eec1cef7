"""What a dead letter carries on when somebody has dealt with it."""

from dataclasses import replace
from datetime import datetime

from sidecar.dead_letters.letter import DeadLetter, Header, ref_of
from sidecar.message_headers import (
    ATTEMPT,
    DETAIL,
    EDITED_AT,
    EDITED_BY,
    KEPT,
    PARKED_AT,
    REASON,
    REPLAYED_AT,
    REPLAYED_BY,
    REPLAYS,
    SUBJECT,
    WAITS,
)


def replayed(letter: DeadLetter, by: str, at: datetime) -> DeadLetter:
    """The letter as it goes back to work: its attempts begin again, what it is and was stays."""
    headers = _kept(letter)
    for name in (ATTEMPT, WAITS, REASON, DETAIL, PARKED_AT):
        headers.pop(name, None)
    headers |= {REPLAYED_BY: by, REPLAYED_AT: at.isoformat(), REPLAYS: letter.replays + 1}
    return replace(letter, headers=headers)


def edited(letter: DeadLetter, body: bytes, by: str, at: datetime) -> DeadLetter:
    """The letter with another body. It lies where it lay, for the same reason and since the same time."""
    headers = _kept(letter) | {REASON: letter.reason, DETAIL: letter.detail, EDITED_BY: by, EDITED_AT: at.isoformat()}
    headers[PARKED_AT] = (letter.parked_at or at).isoformat()
    # Whom it is about may be what was wrong with it: it is found out again.
    headers.pop(SUBJECT, None)
    return replace(letter, ref=ref_of(letter.queue, body), body=body, headers=headers)


def _kept(letter: DeadLetter) -> dict[str, Header]:
    return {name: letter.headers[name] for name in KEPT if name in letter.headers}
