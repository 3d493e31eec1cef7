"""Writes the JSON Schema of each contract and the AsyncAPI document of all: `python -m schemas.generate [--check]`.

What is generated is committed, so that other languages can read it and a change shows in a review.
"""

import re
import sys
from pathlib import Path
from typing import Any

import orjson
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import ModelSchema
from typing_extensions import override

from schemas.catalog import CATALOG, Contract, Exchange
from schemas.docstrings import fields_of, summary_of
from schemas.envelope import CONTENT_TYPE, CloudEvent

FOLDER = Path(__file__).with_name("generated")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"

PUBLISHERS: dict[Exchange, str] = {
    "magento.events": "The Magento module publishes it from its outbox, after the transaction that it is about.",
    "stripe.events": "The bridge publishes what Stripe sent to the webhook endpoint, unchanged.",
    "commerce.events": "The sidecar publishes it for the systems behind the shop.",
}
"""Who sends what is on an exchange, and when."""

Json = dict[str, Any]
"""A JSON document that is about to be written."""


class _Described(GenerateJsonSchema):
    """Gives each field the words that its class's docstring has for it."""

    @override
    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        model = super().model_schema(schema)
        model["description"] = summary_of(schema["cls"])
        texts = fields_of(schema["cls"])
        for name, field in model.get("properties", {}).items():
            if name in texts:
                field["description"] = texts[name]
        return model


def schema_of(contract: Contract) -> Json:
    """The JSON Schema of a whole message: the envelope with the contract's data."""
    message = CloudEvent[contract.model]  # type: ignore[name-defined]  # one class per contract, made at run time
    schema = message.model_json_schema(mode="validation", schema_generator=_Described)
    schema["properties"]["type"] |= {"const": contract.name}
    return {
        **schema,
        "$schema": DIALECT,
        "$id": f"{contract.name}.json",
        "title": contract.name,
        "description": summary_of(contract.model),
    }


def asyncapi() -> Json:
    """Every exchange, what is published to it and with which key (asyncapi.com, version 3.0.0)."""
    channels: Json = {}
    operations: Json = {}
    messages: Json = {}
    for contract in CATALOG.values():
        summary = summary_of(contract.model).split("\n", maxsplit=1)[0]
        messages[contract.name] = {
            "name": contract.name,
            "contentType": CONTENT_TYPE,
            "summary": summary,
            "payload": {"schemaFormat": SCHEMA_FORMAT, "schema": {"$ref": f"./{contract.name}.json"}},
        }
        channels[contract.name] = {
            "address": contract.address,
            "messages": {contract.name: {"$ref": f"#/components/messages/{contract.name}"}},
            "bindings": {
                "amqp": {
                    "is": "routingKey",
                    "exchange": {"name": contract.exchange, "type": "topic", "durable": True, "autoDelete": False},
                    "bindingVersion": "0.3.0",
                },
            },
        }
        if parameters := re.findall(r"{(\w+)}", contract.address):
            channels[contract.name]["parameters"] = {
                name: {"$ref": f"#/components/parameters/{name}"} for name in parameters
            }
        operations[f"publish.{contract.name}"] = {
            "action": "send",
            "summary": PUBLISHERS[contract.exchange],
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
        "defaultContentType": CONTENT_TYPE,
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": messages,
            "parameters": {
                "account": {"description": "The Stripe account, as the settings name it."},
                "mode": {"description": "Whose money it is about.", "enum": ["test", "live"]},
                "event": {
                    "description": "Stripe's event type, whose dots part words of the key.",
                    "examples": ["payment_intent.succeeded"],
                },
            },
        },
    }


def documents() -> dict[str, bytes]:
    """What the folder has to hold, by file name."""
    found = {f"{contract.name}.json": schema_of(contract) for contract in CATALOG.values()} | {
        "asyncapi.json": asyncapi()
    }
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return {name: orjson.dumps(document, option=options) for name, document in found.items()}


def drifted(folder: Path = FOLDER) -> list[str]:
    """Files of a folder that are not as they would be generated, or that nothing generates."""
    wanted = documents()
    present = {path.name: path.read_bytes() for path in folder.glob("*.json")}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    """Write the files, or with `--check` name those that have drifted and exit 1 if there are any."""
    if arguments == ["--check"]:
        names = drifted(folder)
        for name in names:
            sys.stderr.write(f"schemas/generated/{name} has drifted: run python -m schemas.generate\n")
        return 1 if names else 0
    if arguments:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.json"):
        path.unlink()
    for name, document in documents().items():
        (folder / name).write_bytes(document)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
