"""Conversations as people have them, played as they are written in the files beside this one."""

from pathlib import Path

import pytest

from retrieval.archive import Archive
from tests.scenarios.playing import play, play_at_prompt
from tests.scenarios.script import Scenario, read
from tests.scenarios.stage import archive_copied, staged

SCENARIOS = [read(path) for path in sorted(Path(__file__).parent.glob("*.txt"))]
AT_PROMPT = [scenario for scenario in SCENARIOS if "the prompt" in scenario.listed("Also in")]
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ["en", "uk"])


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
@IN_BOTH_LANGUAGES
def test_on_telegram(scenario: Scenario, language: str, tmp_path: Path, sample_archive: Archive) -> None:
    """The scenario goes as it is written: the real application over HTTP, with the bundled models."""
    with staged(scenario, language, tmp_path, sample_archive) as stage:
        play(scenario, stage)


@pytest.mark.parametrize("scenario", AT_PROMPT, ids=lambda scenario: scenario.name)
@IN_BOTH_LANGUAGES
def test_at_the_prompt(
    scenario: Scenario, language: str, tmp_path: Path, sample_archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same conversation at the prompt of `article-bot chat` says the same."""
    archive = archive_copied(sample_archive, tmp_path)
    try:
        play_at_prompt(scenario, archive, tmp_path, language, monkeypatch)
    finally:
        archive.close()
