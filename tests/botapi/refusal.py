"""How Telegram says no: a status, a sentence and sometimes parameters.

Knows no method: who refuses, and why, is decided where the rule stands.
"""

from typing import Any

Json = dict[str, Any]


class Refused(Exception):  # noqa: N818 - the server's answer, not an error of the server
    """An answer with `ok: false`.

    Args:
        status: HTTP status, also the answer's `error_code`.
        description: The sentence that Telegram would say.
        parameters: `retry_after` (seconds) or `migrate_to_chat_id`, where Telegram gives them.
    """

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def to_json(self) -> Json:
        """The body of the answer."""
        body: Json = {"ok": False, "error_code": self.status, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(reason: str, **parameters: int) -> Refused:
    """400, in Telegram's form."""
    return Refused(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> Refused:
    """403, in Telegram's form."""
    return Refused(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refused:
    """409, in Telegram's form."""
    return Refused(409, f"Conflict: {reason}")


def too_many(seconds: int) -> Refused:
    """429: to be tried again after some seconds."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
