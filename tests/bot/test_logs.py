"""What the running bot writes."""

import io
import logging
from collections.abc import Iterator

import pytest

from bot.logs import HIDDEN, redact, write_to

TOKEN = "424242:TEST-token_of_a_bot_that_does_not_exist"  # noqa: S105 - opens nothing


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged from now on; the root logger is as it was afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    write_to(stream, secrets=["a-secret"])
    yield stream
    logging.captureWarnings(capture=False)
    root.handlers[:] = before
    root.setLevel(level)


def test_secrets_are_hidden_in_messages_arguments_and_tracebacks(written: io.StringIO) -> None:
    """Wherever a token or a given secret stands in what is logged, it is not written."""
    log = logging.getLogger("anything")
    log.warning("GET https://api.telegram.org/bot%s/getMe", TOKEN)
    try:
        int(f"{TOKEN} and a-secret")
    except ValueError:
        log.exception("failed")
    assert TOKEN not in written.getvalue()
    assert "a-secret" not in written.getvalue()
    assert written.getvalue().count(HIDDEN) >= 3


def test_addresses_of_requests_are_not_written(written: io.StringIO) -> None:
    """The libraries that write every address are heard from WARNING on."""
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot…")
    assert written.getvalue() == ""


@pytest.mark.parametrize("text", ["At 12:30 and 2025:13", "1234567:short", "https://example.org:8443/path"])
def test_what_is_no_token_stays(text: str) -> None:
    """Times, ports and short things are left alone."""
    assert redact(text) == text
