"""As much of a cluster's API as helm needs to install something: objects are kept, Jobs end as the test says.

Nothing is run. What it is for is the order in which helm makes, waits and deletes.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

from tests.helm import records

GROUPS = {
    "v1": ("ConfigMap", "Pod", "Secret", "Service", "ServiceAccount"),
    "apps/v1": ("Deployment",),
    "batch/v1": ("Job",),
    "networking.k8s.io/v1": ("Ingress", "NetworkPolicy"),
    "policy/v1": ("PodDisruptionBudget",),
}
PLURALS = {"Ingress": "ingresses", "NetworkPolicy": "networkpolicies"}


@dataclass
class Cluster:
    """What is in it, and what was done to it.

    Attributes:
        failing: parts of names of Jobs that fail; the others succeed.
        records: helm's own, of releases.
        story: what helm did, in order, as `create Job shop-…`; its records are left out.
    """

    failing: set[str] = field(default_factory=set)
    objects: dict[str, Any] = field(default_factory=dict)
    records: dict[str, bytes] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, did: Literal["create", "delete", "update"], each: dict[str, Any]) -> None:
        self.story.append(f"{did} {each['kind']} {each['metadata']['name']}")

    def keep(self, path: str, each: dict[str, Any]) -> dict[str, Any]:
        each["metadata"] |= {"resourceVersion": "1", "uid": path, "creationTimestamp": "2026-01-01T00:00:00Z"}
        if each["kind"] == "Job":
            failed = any(part in each["metadata"]["name"] for part in self.failing)
            condition = {"type": "Failed" if failed else "Complete", "status": "True", "reason": "asked for"}
            each["status"] = {"conditions": [condition]}
        self.objects[path] = each
        return each


def _plural(kind: str) -> str:
    return PLURALS.get(kind, f"{kind.lower()}s")


def _resources(version: str) -> dict[str, Any]:
    found = [
        {"name": _plural(kind), "singularName": kind.lower(), "namespaced": True, "kind": kind, "verbs": ["get"]}
        for kind in GROUPS[version]
    ]
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": found}


def _discovery(path: str) -> dict[str, Any] | None:
    if path == "/version":
        return {"major": "1", "minor": "30", "gitVersion": "v1.30.0", "platform": "linux/amd64"}
    if path == "/api":
        return {"kind": "APIVersions", "versions": ["v1"]}
    if path == "/apis":
        groups = [version for version in GROUPS if "/" in version]
        entries = [{"groupVersion": each, "version": each.rpartition("/")[2]} for each in groups]
        listed = [
            {"name": each.partition("/")[0], "versions": [entry], "preferredVersion": entry}
            for each, entry in zip(groups, entries, strict=True)
        ]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": listed}
    version = path.removeprefix("/openapi/v3").removeprefix("/apis/").removeprefix("/api/")
    if path == "/openapi/v3":
        return {"paths": {_place(each): {"serverRelativeURL": f"/openapi/v3/{_place(each)}"} for each in GROUPS}}
    if version not in GROUPS:
        return None
    return _schema(version) if path.startswith("/openapi/") else _resources(version)


def _place(version: str) -> str:
    return f"apis/{version}" if "/" in version else f"api/{version}"


def _schema(version: str) -> dict[str, Any]:
    """Says of each kind that the server checks fields by itself, so that helm need not."""
    group, _, number = version.rpartition("/")
    checks = [{"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}]
    paths = {
        f"/{_place(version)}/namespaces/{{namespace}}/{_plural(kind)}/{{name}}": {
            "patch": {
                "x-kubernetes-group-version-kind": {"group": group, "version": number, "kind": kind},
                "parameters": checks,
                "responses": {},
            }
        }
        for kind in GROUPS[version]
    }
    return {"openapi": "3.0.0", "info": {"title": version, "version": "1"}, "paths": paths}


def _labels(query: dict[str, str]) -> dict[str, str]:
    return dict(each.split("=", 1) for each in query.get("labelSelector", "").split(",") if "=" in each)


class _Handler(BaseHTTPRequestHandler):
    cluster: Cluster
    protocol_version = "HTTP/1.1"

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        if records.TYPE in self.headers.get("Accept", "") and "/secrets" in address.path:
            self._answer_with_records(address.path, query)
            return
        known = _discovery(address.path)
        with self.cluster.lock:
            each = self.cluster.objects.get(address.path)
        if known is not None or each is not None:
            self._answer(200, known or each or {})
        elif query.get("watch") in {"1", "true"}:
            self._watch()
        elif re.fullmatch(r"/apis?(/[^/]+){1,2}/namespaces/[^/]+/[a-z]+", address.path):
            self._answer(200, self._list(address.path, query))
        else:
            self._missing()

    def _watch(self) -> None:
        """Nothing ever changes, since a Job is as it will be when it is made: hold the line until helm hangs up."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.connection.recv(1)
        self.close_connection = True

    def _list(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        name = query.get("fieldSelector", "").removeprefix("metadata.name=")
        labels = _labels(query)
        with self.cluster.lock:
            found = [
                each
                for place, each in self.cluster.objects.items()
                if place.startswith(f"{path}/")
                and name in {"", each["metadata"]["name"]}
                and labels.items() <= each["metadata"].get("labels", {}).items()
            ]
        return {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": found}

    def _answer_with_records(self, path: str, query: dict[str, str]) -> None:
        with self.cluster.lock:
            kept = dict(self.cluster.records)
        if path in kept:
            self._answer(200, kept[path])
        elif path.endswith("/secrets"):
            labels = _labels(query)
            self._answer(200, records.list_of([each for each in kept.values() if records.has_labels(each, labels)]))
        else:
            self._missing()

    def _took_a_record(self) -> bool:
        """Keep the body if it is one."""
        if self.headers.get("Content-Type") != records.TYPE:
            return False
        body = self._bytes()
        path = urlsplit(self.path).path
        with self.cluster.lock:
            self.cluster.records[path if self.command == "PUT" else f"{path}/{records.name_of(body)}"] = body
        self._answer(200, body)
        return True

    def do_POST(self) -> None:
        if self._took_a_record():
            return
        each = self._body()
        with self.cluster.lock:
            self.cluster.note("create", each)
            kept = self.cluster.keep(f"{urlsplit(self.path).path}/{each['metadata']['name']}", each)
        self._answer(201, kept)

    def do_PUT(self) -> None:
        if self._took_a_record():
            return
        each = self._body()
        with self.cluster.lock:
            self.cluster.note("update", each)
            kept = self.cluster.keep(urlsplit(self.path).path, each)
        self._answer(200, kept)

    def do_PATCH(self) -> None:
        self._bytes()
        with self.cluster.lock:
            each = self.cluster.objects[urlsplit(self.path).path]
            self.cluster.note("update", each)
        self._answer(200, each)

    def do_DELETE(self) -> None:
        self._bytes()
        with self.cluster.lock:
            if self.cluster.records.pop(urlsplit(self.path).path, None) is not None:
                self._answer(200, {"kind": "Status", "apiVersion": "v1", "status": "Success"})
                return
            each = self.cluster.objects.pop(urlsplit(self.path).path, None)
            if each is not None:
                self.cluster.note("delete", each)
        if each is None:
            self._missing()
        else:
            self._answer(200, {"kind": "Status", "apiVersion": "v1", "status": "Success"})

    def _body(self) -> Any:
        return json.loads(self._bytes())

    def _bytes(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _missing(self) -> None:
        status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
        self._answer(404, status)

    def _answer(self, code: int, body: dict[str, Any] | bytes) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", records.TYPE if isinstance(body, bytes) else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[Cluster, list[str]]]:
    """Serve one; gives it with the arguments by which helm finds it."""
    made = Cluster()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"cluster": made}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "stand-in", "cluster": {"server": url}}],
        "contexts": [{"name": "stand-in", "context": {"cluster": "stand-in", "user": ""}}],
        "current-context": "stand-in",
    }
    (folder / "kubeconfig").write_text(json.dumps(config))
    try:
        yield made, ["--kubeconfig", str(folder / "kubeconfig")]
    finally:
        server.shutdown()
        server.server_close()
