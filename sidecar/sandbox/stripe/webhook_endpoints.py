"""Webhook endpoints (docs.stripe.com/api/webhook_endpoints)."""

from stripe.params import (
    WebhookEndpointCreateParams,
    WebhookEndpointDeleteParams,
    WebhookEndpointListParams,
    WebhookEndpointRetrieveParams,
    WebhookEndpointUpdateParams,
)

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import invalid, resource_missing
from sidecar.sandbox.stripe.objects import WebhookEndpoint
from sidecar.sandbox.stripe.operation import Call, Operation


def webhook_endpoint_document(account: Account, endpoint: WebhookEndpoint, *, with_secret: bool = False) -> JsonObject:
    """Write it as the API does; the secret is shown once, at creation."""
    if endpoint.deleted:
        return {"id": endpoint.id, "object": "webhook_endpoint", "deleted": True}
    document: JsonObject = {
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "api_version": endpoint.api_version,
        "application": None,
        "created": endpoint.created,
        "description": endpoint.description,
        "enabled_events": list(endpoint.enabled_events),
        "livemode": account.livemode,
        "metadata": dict(endpoint.metadata),
        "status": endpoint.status,
        "url": endpoint.url,
    }
    if with_secret:
        document["secret"] = endpoint.secrets[0]
    return document


def new_secret(account: Account) -> str:
    """Make a signing secret."""
    return account.new_id("whsec", 32)


def _create(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    url = parameters.text("url") or ""
    _check_url(account, url)
    endpoint = account.webhook_endpoints.add(
        WebhookEndpoint(
            id=account.new_id("we"),
            created=account.clock.now(),
            url=url,
            enabled_events=tuple(parameters.texts("enabled_events") or ()),
            secrets=[new_secret(account)],
            description=parameters.text("description"),
            api_version=parameters.text("api_version"),
            metadata=parameters.metadata(),
        )
    )
    return webhook_endpoint_document(account, endpoint, with_secret=True)


def _check_url(account: Account, url: str) -> None:
    if not url.startswith(("https://",) if account.livemode else ("https://", "http://")):
        raise invalid(
            "Invalid URL: An explicit scheme (such as https) must be provided.", param="url", code="url_invalid"
        )


def _get(call: Call) -> WebhookEndpoint:
    endpoint = call.account.webhook_endpoints.get(call.id)
    if endpoint.deleted:
        raise resource_missing("webhook endpoint", call.id)
    return endpoint


def _retrieve(call: Call) -> JsonObject:
    return webhook_endpoint_document(call.account, _get(call))


def _update(call: Call) -> JsonObject:
    account, parameters = call.account, call.parameters
    endpoint = _get(call)
    url = parameters.text("url")
    if url is not None:
        _check_url(account, url)
        endpoint.url = url
    events = parameters.texts("enabled_events")
    if events is not None:
        endpoint.enabled_events = tuple(events)
    if "description" in parameters:
        endpoint.description = parameters.text("description")
    disabled = parameters.flag("disabled")
    if disabled is not None:
        endpoint.status = "disabled" if disabled else "enabled"
    endpoint.metadata = parameters.metadata(endpoint.metadata)
    return webhook_endpoint_document(account, endpoint)


def _delete(call: Call) -> JsonObject:
    endpoint = _get(call)
    endpoint.deleted = True
    return webhook_endpoint_document(call.account, endpoint)


def _list(call: Call) -> JsonObject:
    account = call.account
    return account.webhook_endpoints.page(
        call.parameters,
        "/v1/webhook_endpoints",
        lambda endpoint: webhook_endpoint_document(account, endpoint),
        keep=lambda endpoint: not endpoint.deleted,
    )


OPERATIONS = (
    Operation("POST", "/v1/webhook_endpoints", _create, WebhookEndpointCreateParams, frozenset(("connect",))),
    Operation("GET", "/v1/webhook_endpoints", _list, WebhookEndpointListParams),
    Operation("GET", "/v1/webhook_endpoints/{id}", _retrieve, WebhookEndpointRetrieveParams),
    Operation("POST", "/v1/webhook_endpoints/{id}", _update, WebhookEndpointUpdateParams),
    Operation("DELETE", "/v1/webhook_endpoints/{id}", _delete, WebhookEndpointDeleteParams),
)
