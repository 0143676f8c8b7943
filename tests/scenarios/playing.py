"""Plays a scenario from its first step to its last, on Telegram or at a prompt.

Knows neither what the steps mean nor how a stage is set up.
"""

import io
import re
import sys
from pathlib import Path

import pytest

from bot.conversation import Conversation
from bot.memory import Memory
from bot.terminal import HERE, talk
from retrieval.archive import Archive
from tests.botapi import Room
from tests.botapi.nouns import HERE as PRESENT
from tests.scenarios import acts, difference
from tests.scenarios.acts import NotAsExpectedError
from tests.scenarios.script import Scenario, ScriptError, Step
from tests.scenarios.stage import Stage
from tests.scenarios.translation import Translation

NAMES = {"en": "English", "uk": "Ukrainian", "ar": "Arabic"}


class NotAsWrittenError(AssertionError):
    """A scenario went otherwise than it is written; the message says where."""


def play(scenario: Scenario, stage: Stage) -> None:
    """Play a scenario on Telegram; at the end the bot must have nothing more to say.

    Raises:
        NotAsWrittenError: Something went otherwise.
    """
    for step in scenario.steps:
        _on_stage(scenario, stage, step)
    if "Questions a minute" in scenario.settings:
        return  # the question that would show the silence would be one too many
    for room, user in stage.visited.values():
        if _hears(stage, room):
            try:
                acts.be_sure_of_silence(stage, room, user.first_name)
            except NotAsExpectedError as error:
                raise NotAsWrittenError(f"{scenario.path.name}, after its end: {error}") from None


def _hears(stage: Stage, room: Room) -> bool:
    """Whether the bot is in a chat to be spoken to."""
    world = stage.server.world
    if room.chat.person:
        return room.chat.person.id not in world.blocked
    return room.chat.is_group and room.chat.members.get(world.bot.id) in PRESENT


def _on_stage(scenario: Scenario, stage: Stage, step: Step) -> None:
    try:
        acts.play(stage, step)
    except (NotAsExpectedError, ScriptError, LookupError, ValueError) as error:
        language = NAMES.get(stage.language, stage.language)
        raise NotAsWrittenError(f"{scenario.path.name}, line {step.line} (in {language}): {error}") from None


class Typist:
    """Types a scenario's questions at a prompt, one after the other, noting how far the screen has got.

    Args:
        lines: What is typed.
        screen: What is written to.
    """

    def __init__(self, lines: list[str], screen: io.StringIO) -> None:
        self._lines = iter(lines)
        self._screen = screen
        self.places: list[int] = []

    def isatty(self) -> bool:
        """Nobody sits at a terminal."""
        return False

    def readline(self, _size: int = -1) -> str:
        """The next question; nothing at the end."""
        self.places.append(self._screen.tell())
        return next((f"{line}\n" for line in self._lines), "")


def play_at_prompt(
    scenario: Scenario, archive: Archive, folder: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Play a scenario at the prompt of `article-bot chat`: what the bot is to say must be among what it says.

    Raises:
        NotAsWrittenError: Something is missing.
    """
    said, screen = [step for step in scenario.steps if _is_said(step)], io.StringIO()
    typist = Typist([step.head.partition(": ")[2] for step in said], screen)
    memory = Memory(folder / "memory.sqlite")
    conversation = Conversation(archive, memory, paged=False)
    conversation.reply(f"/language {language}", HERE)
    monkeypatch.setattr(sys, "stdin", typist)
    talk(conversation, history=folder / "history", output=screen)
    memory.close()
    shown = screen.getvalue()
    turns = [shown[start:end] for start, end in zip(typist.places[:-1], typist.places[1:], strict=True)]
    for step, turn in zip(said, turns, strict=True):
        _compare(scenario, _replies(scenario, step), turn, language)


def _is_said(step: Step) -> bool:
    return re.match(r"(?!Bot)\w+: ", step.head) is not None


def _replies(scenario: Scenario, question: Step) -> list[Step]:
    """What the bot is to say to a question: all until the next one."""
    later = scenario.steps[scenario.steps.index(question) + 1 :]
    end = next((number for number, step in enumerate(later) if _is_said(step)), len(later))
    return [step for step in later[:end] if step.head.startswith("Bot:")]


def _compare(scenario: Scenario, replies: list[Step], turn: str, language: str) -> None:
    shown = [_plain(line) for line in turn.splitlines() if line.strip()]
    for step in replies:
        text = step.head.removeprefix("Bot:").strip()
        lines = [*([text] if text else []), *step.body]
        expected = [_plain(Translation(language).line(line)) for line in lines if not line.startswith("[")]
        if not difference.are_among(expected, shown):
            where = f"{scenario.path.name}, line {step.line} (at the prompt, in {NAMES[language]})"
            raise NotAsWrittenError(
                f"{where}: this is missing (-: expected, +: shown).\n{difference.told(expected, shown)}"
            )


def _plain(line: str) -> str:
    """A line without what only Telegram or only the terminal shows: markup, dashes, the place in characters."""
    bare = re.sub(r"^(?:> |• |— )|\*\*|__|~~|:$", "", line.strip())
    return re.sub(r", \w+ \d+–\d+", "", bare).rstrip(":")
