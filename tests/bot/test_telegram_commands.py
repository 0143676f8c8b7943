"""`article-bot run` and `article-bot health`, as people type them."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from tests.bot.processes import Process, configure
from tests.botapi import BotApi

READY_SECONDS = 90


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        found: int = listener.getsockname()[1]
        return found


@pytest.fixture
def running(server: BotApi, news: Path, port: int) -> Iterator[Process]:
    """The bot with the bundled models, as it is installed."""
    process = Process(configure(news, server, health={"port": port}), server.token, ("-m", "bot", "run", "--config"))
    yield process
    process.kill()


def test_the_installed_bot_answers_is_well_and_ends(server: BotApi, news: Path, running: Process) -> None:
    """With the real models a question is answered, `health` says ok, and SIGTERM ends it with 0."""
    ann = server.user("Ann")
    server.private(ann).send(ann, "Who said nobody wanted this delay?")
    assert server.private(ann).wait_for_reply(READY_SECONDS).text.startswith("Ana Ruiz")
    assert main(["health", "--config", str(news / "config.yaml")]) == 0
    assert running.stop() == 0


def test_health_says_when_nobody_answers(
    server: BotApi, news: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a running bot the status is 3, with a sentence that names the address; so it is without a port."""
    assert main(["health", "--config", str(configure(news, server, health={"port": port}))]) == 3
    assert f"No bot answers at http://127.0.0.1:{port}/health." in capsys.readouterr().err
    assert main(["health", "--config", str(configure(news, server))]) == 3
    assert "`bot.health`" in capsys.readouterr().err


def test_run_without_a_token_says_so(
    server: BotApi, news: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a token nothing is loaded: the sentence says what to set."""
    monkeypatch.delenv("ARTICLE_BOT_TOKEN", raising=False)
    assert main(["run", "--config", str(configure(news, server))]) == 3
    assert "ARTICLE_BOT_TOKEN is not set" in capsys.readouterr().err
