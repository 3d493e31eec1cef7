"""Writes the JSON Schema of each contract and the AsyncAPI document of all: `python -m schemas.generate [--check]`.

What is generated is committed, so that other languages can read it and a change shows in a review.
"""

import sys
from pathlib import Path
from typing import Any

import orjson

from schemas.catalog import CATALOG, Contract
from schemas.envelope import CONTENT_TYPE, CloudEvent

FOLDER = Path(__file__).with_name("generated")
DIALECT = "https://json-schema.org/draft/2020-12/schema"

Json = dict[str, Any]
"""A JSON document that is about to be written."""


def schema_of(contract: Contract) -> Json:
    """The JSON Schema of a whole message: the envelope with the contract's data."""
    schema = CloudEvent[contract.model].model_json_schema(mode="validation")  # type: ignore[name-defined]  # made at run time
    schema["properties"]["type"] = {"const": contract.name, "title": "Type", "type": "string"}
    return {
        "$schema": DIALECT,
        "$id": f"{contract.name}.json",
        **schema,
        "title": contract.name,
        "description": (contract.model.__doc__ or "").strip(),
    }


def asyncapi() -> Json:
    """Every exchange, what is published to it and with which key (asyncapi.com, version 3.0.0)."""
    channels: Json = {}
    operations: Json = {}
    messages: Json = {}
    for contract in CATALOG.values():
        messages[contract.name] = {
            "name": contract.name,
            "contentType": CONTENT_TYPE,
            "summary": (contract.model.__doc__ or "").strip().split("\n")[0],
            "payload": {"$ref": f"./{contract.name}.json"},
        }
        channels[contract.name] = {
            "address": contract.routing_key,
            "messages": {contract.name: {"$ref": f"#/components/messages/{contract.name}"}},
            "bindings": {
                "amqp": {
                    "is": "routingKey",
                    "exchange": {"name": contract.exchange, "type": "topic", "durable": True, "autoDelete": False},
                    "bindingVersion": "0.3.0",
                },
            },
        }
        operations[f"publish.{contract.name}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{contract.name}"},
            "messages": [{"$ref": f"#/channels/{contract.name}/messages/{contract.name}"}],
            "bindings": {"amqp": {"deliveryMode": 2, "mandatory": True, "bindingVersion": "0.3.0"}},
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Magento and Stripe sidecar",
            "version": "1.0.0",
            "description": "Messages between Magento, Stripe, the sidecar and the systems behind the shop.",
        },
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def documents() -> dict[str, bytes]:
    """What the folder has to hold, by file name."""
    found = {f"{contract.name}.json": schema_of(contract) for contract in CATALOG.values()} | {
        "asyncapi.json": asyncapi()
    }
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return {name: orjson.dumps(document, option=options) for name, document in found.items()}


def drifted() -> list[str]:
    """Files that are not as they would be generated, or that nothing generates."""
    wanted = documents()
    present = {path.name: path.read_bytes() for path in FOLDER.glob("*.json")}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` exit 1 when one has drifted."""
    if arguments == ["--check"]:
        for name in drifted():
            sys.stderr.write(f"schemas/generated/{name} has drifted: run python -m schemas.generate\n")
        return 1 if drifted() else 0
    if arguments:
        sys.stderr.write((__doc__ or "") + "\n")
        return 2
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.json"):
        path.unlink()
    for name, document in documents().items():
        (FOLDER / name).write_bytes(document)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
