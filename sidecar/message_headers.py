"""The headers that the sidecar puts on messages: where one has been, and what was done about it.

They go along while a message waits, is parked and is replayed. None holds personal data.
"""

from typing import Final

ATTEMPT: Final = "x-sidecar-attempt"
"""How many attempts are used up."""
WAITS: Final = "x-sidecar-waits"
"""How often in a row it has waited without using up an attempt."""
FIRST_SEEN: Final = "x-sidecar-first-seen"
"""When a consumer first had it in hand."""
REASON: Final = "x-sidecar-reason"
"""Why it waits or is parked: a short constant."""
DETAIL: Final = "x-sidecar-detail"
"""The same for a person."""
QUEUE: Final = "x-sidecar-queue"
"""Its work queue, without the prefix."""
EXCHANGE: Final = "x-sidecar-exchange"
ROUTING_KEY: Final = "x-sidecar-routing-key"
"""Where it was first published to."""
PARKED_AT: Final = "x-sidecar-parked-at"
SUBJECT: Final = "x-sidecar-subject"
"""The order or customer that it is about, where a consumer found out."""
EDITED_BY: Final = "x-sidecar-edited-by"
EDITED_AT: Final = "x-sidecar-edited-at"
REPLAYED_BY: Final = "x-sidecar-replayed-by"
REPLAYED_AT: Final = "x-sidecar-replayed-at"
REPLAYS: Final = "x-sidecar-replays"
"""How often a person sent it back to work."""
TRACEPARENT: Final = "traceparent"

HISTORY: Final = (EDITED_BY, EDITED_AT, REPLAYED_BY, REPLAYED_AT, REPLAYS)
"""What persons did with it."""
KEPT: Final = (
    TRACEPARENT,
    *(ATTEMPT, WAITS, FIRST_SEEN, REASON, DETAIL, QUEUE, EXCHANGE, ROUTING_KEY, PARKED_AT, SUBJECT),
    *HISTORY,
)
"""Headers that travel on; what the broker itself adds about dead-lettering does not."""
