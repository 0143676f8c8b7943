"""What admins decide on staged articles and past releases, whatever the channel: publish, discard, roll back.

Everything here blocks, asking golden questions for as long as they take. Knows no channel.
"""

from collections.abc import Callable

from bot.blocks import Block, Button, Reply, Text
from bot.words import Words
from retrieval import Archive, ArticleBotError, GoldenError, Proof, Report

NAMED = 10
# What the buttons of admins bring back begins so, and goes on so.
PREFIX = "!"
PUBLISH, DISCARD, ROLL_BACK, STAY = "publish", "discard", "rollback", "stay"


class Publication:
    """Decides what of an archive is live.

    Args:
        archive: What is decided on.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def waiting(self, words: Words) -> Reply:
        """What waits for publication, and what the golden questions make of it, with buttons to decide."""
        staged = self._archive.staged
        if staged is None:
            return Reply.of(words.say("Nothing waits for publication."))
        blocks = [Text(words.say("Waits for publication:"), strong=True), *listed(staged, words), *self._proof(words)]
        return Reply(tuple(blocks), (decisions(words),))

    def rollback(self, words: Words) -> Reply:
        """Ask whether the last change is to be taken back."""
        yes = Button(words.say("Take it back"), f"{PREFIX}{ROLL_BACK}")
        no = Button(words.say("Leave it"), f"{PREFIX}{STAY}")
        return Reply.of(words.say("Take the last change of the articles back?"), buttons=[[yes, no]])

    def press(self, name: str, words: Words) -> Reply | None:
        """What a button does; None where it is none of these."""
        decide: dict[str, Callable[[], Reply]] = {
            PUBLISH: lambda: self._told(self._archive.publish, words.say("Published."), words),
            ROLL_BACK: lambda: self._told(self._archive.rollback, words.say("Taken back."), words),
            DISCARD: lambda: self._discarded(words),
            STAY: lambda: Reply.of(words.say("Nothing was changed.")),
        }
        return decide[name]() if name in decide else None

    def _told(self, change: Callable[[], Report], heading: str, words: Words) -> Reply:
        try:
            report = change()
        except ArticleBotError as error:
            return Reply.of(str(error))
        return Reply((Text(heading, strong=True), *listed(report, words)))

    def _discarded(self, words: Words) -> Reply:
        count = self._archive.discard()
        return Reply.of(words.many("Discarded: {n} article.", "Discarded: {n} articles.", count))

    def _proof(self, words: Words) -> tuple[Block, ...]:
        if self._archive.config.golden is None:
            return ()
        try:
            proof = self._archive.prove()
        except GoldenError as error:
            return (Text(str(error)),)
        return (Text(_figures(proof, words)),)


def decisions(words: Words) -> tuple[Button, ...]:
    """The buttons under what waits for publication."""
    return (
        Button(words.say("Publish"), f"{PREFIX}{PUBLISH}"),
        Button(words.say("Discard"), f"{PREFIX}{DISCARD}"),
    )


def listed(report: Report, words: Words) -> tuple[Block, ...]:
    """What a change touches, and what could not be read."""
    parts = (
        (words.many("{n} added", "{n} added", len(report.added)), report.added),
        (words.many("{n} changed", "{n} changed", len(report.changed)), report.changed),
        (words.many("{n} removed", "{n} removed", len(report.removed)), report.removed),
    )
    lines = [f"{counted}: {named(keys)}" for counted, keys in parts if keys]
    lines += [words.many("{n} unchanged", "{n} unchanged", report.unchanged)] if report.unchanged else []
    failed = (Text("\n".join(report.failed[:NAMED])),) if report.failed else ()
    return (*((Text("\n".join(lines)),) if lines else ()), *failed)


def named(keys: tuple[str, ...]) -> str:
    """The first of many ids."""
    return ", ".join(keys[:NAMED]) + (" …" if len(keys) > NAMED else "")


def _figures(proof: Proof, words: Words) -> str:
    lines = (
        words.many("{n} golden question better", "{n} golden questions better", len(proof.compared.better)),
        words.many("{n} worse", "{n} worse", len(proof.compared.worse)),
        words.many("{n} lost its sentence", "{n} lost their sentence", len(proof.lost)),
    )
    return " · ".join(lines)
