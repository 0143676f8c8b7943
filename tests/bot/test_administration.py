"""What admins are shown, whatever the channel."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.administration import Administration, told
from bot.config import BotConfig
from bot.render import MESSAGE_UNITS, html, plain, units
from bot.words import Words
from retrieval import Archive, Report

ENGLISH = Words.of("en")


def test_long_questions_asked_in_vain_are_shortened(open_archive: Callable[..., Archive], news: Path) -> None:
    """However long what people ask is, the list of it fits into messages."""
    archive = open_archive(news, threshold=0.99)
    archive.reload()
    for number in range(3):
        archive.keep(archive.ask(f"Napoleon {number}? {chr(97 + number) * 5} 🌉🌉 " * 60), asker="tg:1", channel="1")
    shown = html(Administration(archive, BotConfig(folder=news)).unanswered(ENGLISH).blocks, ENGLISH)
    assert "…" in shown[0]
    assert all(units(message) <= MESSAGE_UNITS for message in shown)
    assert all(len(line) < 300 for line in shown[0].splitlines())


@pytest.mark.parametrize(("seconds", "expected"), [(1.0, "1 second"), (0.4, "0.4 seconds"), (2.04, "2 seconds")])
def test_one_second_is_one(seconds: float, expected: str) -> None:
    """How long a change took is counted as people count."""
    assert plain(told(Report(seconds=seconds), ENGLISH).blocks, ENGLISH).endswith(f"\n{expected}")
