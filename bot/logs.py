"""What the running bot writes: one line an event, `time level logger event key=value …`, without secrets.

Knows no channel. Texts of people are never written at INFO or above.
"""

import logging
import re
from collections.abc import Iterable
from typing import TextIO

# A bot's token as Telegram makes it; it stands in the addresses of all requests.
TOKEN = re.compile(r"\d{5,}:[\w-]{20,}")
HIDDEN = "<token>"
# The first two write every address they request; what the last one tells at length, handlers tell in a line.
QUIET = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "telegram": logging.CRITICAL}


class Redacted(logging.Formatter):
    """A line without secrets, the traceback below it included."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The record as it is written."""
        return redact(super().format(record), self._secrets)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """A text without tokens and the given secrets."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return TOKEN.sub(HIDDEN, text)


def write_to(stream: TextIO, *, secrets: Iterable[str], level: int = logging.INFO) -> None:
    """Write everything that is logged to a stream, without secrets."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Redacted(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)
    logging.captureWarnings(capture=True)
