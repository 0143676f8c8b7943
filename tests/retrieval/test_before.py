"""The turn before, kept across restarts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval import Archive, Before

Open = Callable[..., Archive]


def test_it_survives_json(news: Path, open_archive: Open) -> None:
    """What is written is read again, the same."""
    archive = open_archive(news)
    archive.reload()
    before = Before.of(archive.ask("What did Colin Peake say about the fare?"))
    assert before.asked == "Colin Peake"
    assert Before.from_json(before.to_json()) == before


@pytest.mark.parametrize("written", ["", "null", "[]", "{}", '{"kind": "fact"}', '{"kind": "riddle", "question": "?"}'])
def test_what_is_no_turn_is_none(written: str) -> None:
    """Damaged, or of another release: there was no turn before."""
    assert Before.from_json(written) is None


def test_a_follow_up_shows_what_was_understood(news: Path, open_archive: Open) -> None:
    """The self-contained text stands in the question; none stands in one that needed no turn before."""
    archive = open_archive(news)
    archive.reload()
    first = archive.ask("What did Colin Peake say about the fare?")
    second = archive.ask("And Ana Ruiz?", before=Before.of(first))
    assert first.question.understood is None
    assert second.question.understood == "What did Ana Ruiz say about the fare?"
    assert archive.ask("Who built the bridge?", before=Before.of(first)).question.understood is None
