"""What is wrong, in plain words: configuration, models, store, articles and token, each examined by itself.

Changes nothing and shows no secret.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.config import TOKEN, load_bot_config, telegram_token
from retrieval import ArticleBotError, load_config, survey_parts


@dataclass(frozen=True, slots=True)
class Finding:
    """One part examined: whether it is sound, and a sentence."""

    part: str
    sound: bool
    text: str


def examine(path: str) -> Iterator[Finding]:
    """Every part's finding; the rest is skipped when the configuration itself cannot be read."""
    try:
        config = load_config(path)
        load_bot_config(path)
    except ArticleBotError as error:
        yield Finding("configuration", sound=False, text=str(error))
        return
    yield Finding("configuration", sound=True, text=f"{Path(path)} is read.")
    for part, look in survey_parts(config).items():
        yield _finding(part, look)
    yield _token()


def _finding(part: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(part, sound=True, text=look())
    except ArticleBotError as error:
        return Finding(part, sound=False, text=str(error))


def _token() -> Finding:
    token = telegram_token()
    if token is None:
        return Finding("token", sound=True, text=f"{TOKEN} is not set; only Telegram needs it.")
    number, colon, secret = token.get_secret_value().partition(":")
    if not (number.isdigit() and colon and len(secret) >= 30):  # noqa: PLR2004 - Telegram's secrets have 35 characters
        return Finding("token", sound=False, text=f"{TOKEN} does not look like a Telegram token, 123456:ABC….")
    return Finding("token", sound=True, text=f"{TOKEN} is set.")
