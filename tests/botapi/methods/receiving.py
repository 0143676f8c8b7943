"""setWebhook, deleteWebhook, getWebhookInfo: where updates go. getUpdates waits, so it stands in `polling`."""

import re
from urllib.parse import urlsplit

from tests.botapi.methods.registry import method
from tests.botapi.refusal import Json, bad_request
from tests.botapi.updates import Webhook
from tests.botapi.world import World

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@method
def set_webhook(world: World, args: Json) -> bool:
    """From now on updates are posted to an address on this machine; an empty one ends that."""
    updates = world.updates
    updates.allow(args.get("allowed_updates"))
    if args.get("drop_pending_updates"):
        updates.forget()
    updates.webhook = _webhook(args) if args.get("url") else None
    updates.tell()
    return True


@method
def delete_webhook(world: World, args: Json) -> bool:
    """From now on updates are to be polled."""
    return bool(set_webhook(world, {"url": "", "drop_pending_updates": args.get("drop_pending_updates", False)}))


@method
def get_webhook_info(world: World, args: Json) -> Json:  # noqa: ARG001 - has no parameters
    """Where updates go, and what went wrong."""
    updates = world.updates
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(updates.pending)}
    if updates.webhook:
        info |= {"url": updates.webhook.url, "max_connections": updates.webhook.max_connections}
        info |= updates.webhook.last_error
    if updates.allowed is not None:
        info["allowed_updates"] = sorted(updates.allowed)
    return info


def _webhook(args: Json) -> Webhook:
    parts = urlsplit(args["url"])
    if parts.hostname not in LOOPBACK:
        refused = "An HTTPS URL must be provided for webhook" if parts.scheme != "https" else "Failed to resolve host"
        raise bad_request(f"bad webhook: {refused}")
    secret = args.get("secret_token")
    if secret is not None and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    return Webhook(args["url"], secret, args.get("max_connections", 40))
