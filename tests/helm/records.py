"""Helm's records of releases, as it keeps them in a cluster: Secrets, spoken of in Kubernetes' protobuf.

A record is kept as the bytes that helm sent, and only what has to be known of it is read from them. Sources:
kubernetes.io/docs/reference/using-api/api-concepts (the envelope), k8s.io/api/core/v1/generated.proto (`SecretList`).
"""

import re

TYPE = "application/vnd.kubernetes.protobuf"
MAGIC = b"k8s\0"


def name_of(record: bytes) -> str:
    """The name of the Secret."""
    found = re.search(rb"sh\.helm\.release\.v1\.[a-z0-9-]+\.v[0-9]+", record)
    assert found
    return found[0].decode()


def has_labels(record: bytes, labels: dict[str, str]) -> bool:
    """Whether it has these labels: each is an entry of a map, with its key and its value."""
    return all(_field(1, key.encode()) + _field(2, value.encode()) in record for key, value in labels.items())


def list_of(records: list[bytes]) -> bytes:
    """A SecretList of them."""
    items = b"".join(_field(2, _content(record)) for record in records)
    return MAGIC + _field(1, _field(1, b"v1") + _field(2, b"SecretList")) + _field(2, _field(1, b"") + items)


def _field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def _content(record: bytes) -> bytes:
    """The object inside the envelope: its field 2."""
    at = len(MAGIC)
    while at < len(record):
        number, at = record[at] >> 3, at + 1
        length = shift = 0
        while True:
            byte, at = record[at], at + 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        if number == 2:
            return record[at : at + length]
        at += length
    raise AssertionError("an envelope without content")
