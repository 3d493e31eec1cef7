"""How many messages a process of the consumers has in hand: no queue shows them."""

import httpx
from prometheus_client.parser import text_string_to_metric_families


async def in_hand(url: str | None, http: httpx.AsyncClient) -> dict[str, int]:
    """By queue, as the process itself says.

    Raises:
        HTTPError: it does not answer, perhaps since it has just been killed.
    """
    answer = await http.get(f"{url}/metrics", timeout=5)
    return {
        sample.labels["queue"]: int(sample.value)
        for family in text_string_to_metric_families(answer.raise_for_status().text)
        if family.name == "sidecar_messages_in_flight"
        for sample in family.samples
    }
