"""Which shop a message belongs to, so that one shop's sale does not hold up the others."""

import orjson

NOBODY = ""
"""Belongs to no shop that can be told."""


def whose(body: bytes) -> str:
    """The store view that the message is about, where it says so plainly.

    Only made to be compared: it appears in no label and in no log.
    """
    try:
        document: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return NOBODY
    match document:
        case {"data": {"instance": str(instance), "store": {"store_id": int(store)}}}:
            return f"{instance}/{store}"
        case {
            "data": {
                "data": {"object": {"metadata": {"magento_instance": str(instance), "magento_store_id": str(store)}}}
            }
        }:
            return f"{instance}/{store}"
    return NOBODY
