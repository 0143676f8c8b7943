"""What is remembered of talks: the turn before, which message shows which answer, offers made, languages chosen.

A turn belongs to a person in a chat and thread. Knows no channel and no words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.browse import short_key
from bot.memory import Memory
from retrieval import Archive, Before

# What the memory keeps, by space.
TURN, MESSAGE, ANSWERED, OFFER, LANGUAGE = "turn", "message", "answered", "offer", "language"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who speaks and where, as the channel knows them; `language` is the one their program is in."""

    chat: str
    user: str
    thread: str = ""
    language: str | None = None
    admin: bool = False

    @property
    def place(self) -> str:
        """What a turn belongs to."""
        return f"{self.chat}/{self.user}/{self.thread}"


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn before: the article chosen, what the question was, and the journal's keys of the answers."""

    article: str | None = None
    before: Before | None = None
    keys: tuple[str, ...] = ()


class Turns:
    """Turns and what belongs to them, kept in a memory.

    Args:
        memory: Where they are kept.
        archive: Where the answers are that messages show.
        remembered: How long a turn is gone back to, in seconds.
    """

    def __init__(self, memory: Memory, archive: Archive, *, remembered: float) -> None:
        self._memory = memory
        self._archive = archive
        self._remembered = remembered

    def before(self, asker: Asker, to: str | None = None) -> Turn:
        """The last turn; its question is that of the answer replied to, where `to` is a message that shows one."""
        kept: dict[str, Any] = self._memory.get(TURN, asker.place, within=self._remembered) or {}
        before = Before.from_json(kept["before"]) if kept.get("before") else None
        keys = self._memory.get(MESSAGE, f"{asker.chat}/{to}") if to else None
        shown = self._archive.recall(keys[-1]) if keys else None
        return Turn(self._chosen(kept), Before.of(shown) if shown else before, tuple(kept.get("keys", ())))

    def answered(self, asker: Asker, before: Before | None, keys: tuple[str, ...]) -> None:
        """Remember a turn: what the next may follow, and the journal's keys of all its answers."""
        self._keep(asker, before=before.to_json() if before else None, keys=list(keys))

    def choose(self, asker: Asker, article: str | None) -> None:
        """Remember which article is asked from now on; None for all."""
        self._keep(asker, article=article)

    def shown(self, asker: Asker, messages: Sequence[str], keys: tuple[str, ...], question: str | None) -> None:
        """Remember which messages show answers, and which message of the person they answer."""
        for message in messages if keys else ():
            self._memory.put(MESSAGE, f"{asker.chat}/{message}", list(keys), owner=asker.user)
        if question:
            self._memory.put(ANSWERED, f"{asker.chat}/{question}", list(messages), owner=asker.user)

    def answer_to(self, asker: Asker, question: str) -> tuple[str, ...]:
        """The messages that answered a message of the person, the first first."""
        found = self._memory.get(ANSWERED, f"{asker.chat}/{question}") or ()
        return (found,) if isinstance(found, str) else tuple(found)  # earlier releases kept one

    def moved(self, old: str, new: str) -> None:
        """A chat has another name now."""
        for space in (TURN, MESSAGE, ANSWERED):
            self._memory.rename(space, f"{old}/", f"{new}/")

    def offer(self, question: str) -> str:
        """Remember a question that can be pressed, by a key that fits a button."""
        key = short_key(question)
        self._memory.put(OFFER, key, question)
        return key

    def offered(self, key: str) -> str | None:
        """The question that was offered under a key."""
        found: str | None = self._memory.get(OFFER, key)
        return found

    def language(self, asker: Asker) -> str | None:
        """The language chosen, else the one of the person's program."""
        return self._memory.get(LANGUAGE, asker.user) or asker.language

    def speak(self, asker: Asker, language: str) -> None:
        """Remember the language chosen."""
        self._memory.put(LANGUAGE, asker.user, language, owner=asker.user)

    def forget(self, asker: Asker) -> None:
        """Forget all that is the person's."""
        self._memory.forget(asker.user)

    def _keep(self, asker: Asker, **values: object) -> None:
        kept: dict[str, Any] = self._memory.get(TURN, asker.place, within=self._remembered) or {}
        self._memory.put(TURN, asker.place, kept | values, owner=asker.user)

    def _chosen(self, kept: dict[str, Any]) -> str | None:
        """The article chosen, as long as it is there."""
        key: str | None = kept.get("article")
        return key if any(article.id == key for article in self._archive.articles) else None
