"""What admins do, whatever the channel: reload, add, remove, see what was asked in vain, count, export.

Everything here blocks, reading articles for as long as they take. Knows no channel and asks nobody who they are.
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.blocks import Button, Entry, Listing, Reply, Text
from bot.browse import short_key
from bot.config import BotConfig
from bot.publication import PREFIX, STAY, Publication, decisions, listed
from bot.words import Words, marked, shortened
from retrieval import Archive, ArticleBotError, Asked, Report

Progress = Callable[[int, int], None]
DAYS, GROUPS = 30, 20
EXAMPLE_CHARS = 200
URL = re.compile(r"https?://\S+$", re.IGNORECASE)
UNSAFE = re.compile(r"[^\w.-]+")
NAME_CHARS = 80
# The commands, with what each does.
COMMANDS = {
    "reload": marked("read the articles again"),
    "add": marked("add an article by its address; or send a file"),
    "remove": marked("remove an article by its id"),
    "unanswered": marked("what was asked in vain"),
    "stats": marked("how much is asked and found"),
    "export": marked("all questions as a file"),
    "publish": marked("what waits for publication"),
    "rollback": marked("take the last change of the articles back"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """What was asked on a day."""

    date: dt.date
    found: int
    missed: int


@dataclass(frozen=True, slots=True)
class Stats:
    """What was asked lately, day by day, the latest last."""

    days: tuple[Day, ...]
    likes: int
    dislikes: int


class Administration:
    """What may be done to an archive by those who answer for it.

    Args:
        archive: What is looked after.
        settings: Where documents are kept and how large they may be.
    """

    def __init__(self, archive: Archive, settings: BotConfig) -> None:
        self._archive = archive
        self._settings = settings
        self.publication = Publication(archive)

    def reload(self, words: Words, progress: Progress | None = None) -> Reply:
        """Read the sources again and say what became of them."""
        return self._told(lambda: self._archive.reload(progress), words)

    def add(self, source: str, words: Words) -> Reply:
        """Add an article by its address; files of this machine are not to be had this way."""
        if not URL.match(source):
            return Reply.of(words.say("Which address? /add https://…, or send me the file."))
        return self._told(lambda: self._archive.add(source), words)

    def add_file(self, name: str, content: bytes, words: Words) -> Reply:
        """Keep a document where reloads leave it, and add it; one that cannot be read is not kept."""
        path = self._settings.uploads_folder / (UNSAFE.sub("-", Path(name).name).strip(".-")[-NAME_CHARS:] or "article")
        before = path.read_bytes() if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        try:
            report = self._archive.add(path)
        except ArticleBotError as error:
            path.write_bytes(before) if before is not None else path.unlink()
            return Reply.of(str(error))
        return told(report, words)

    def too_large(self, size: int, words: Words) -> Reply | None:
        """The refusal of a document that is too large; None where it is not."""
        most = self._settings.upload_bytes
        if size <= most:
            return None
        return Reply.of(words.say("The file is too large: at most {n} kB.", n=words.number(most // 1000)))

    def keep_post(self, text: str, **about: str | None) -> Report:
        """Keep a post of a channel as an article; `about` is what `Archive.add_text` takes."""
        return self._archive.add_text(text, **about)

    def remove(self, key: str, words: Words) -> Reply:
        """Ask whether an article is to be removed."""
        title = next((article.title for article in self._archive.articles if article.id == key), None)
        if title is None:
            return Reply.of(words.say("There is no article “{key}”; /articles lists them.", key=key))
        yes = Button(words.say("Remove it"), f"{PREFIX}remove.{short_key(key)}")
        no = Button(words.say("Keep it"), f"{PREFIX}{STAY}")
        said = words.say("Remove “{title}”? What the configuration names comes back with the next reload.", title=title)
        return Reply.of(said, buttons=[[yes, no]])

    def press(self, action: str, words: Words) -> Reply:
        """What a button of admins does."""
        name, _, rest = action.removeprefix(PREFIX).partition(".")
        return self.publication.press(name, words) or self._removed(name, rest, words)

    def unanswered(self, words: Words) -> Reply:
        """What was asked in vain, questions much alike together."""
        groups = self._archive.unanswered(limit=GROUPS)
        if not groups:
            return Reply.of(words.say("Every question found an answer so far."))
        entries = tuple(
            Entry(
                shortened(group.example, EXAMPLE_CHARS),
                note=f"{words.number(group.count)} × · {words.day(group.last.date())}",
            )
            for group in groups
        )
        return Reply.of(Text(words.say("Asked in vain:"), strong=True), Listing(entries))

    def stats(self, today: dt.date) -> Stats:
        """What was asked in the last thirty days."""
        first = today - dt.timedelta(days=DAYS - 1)
        entries = self._archive.asked(since=dt.datetime.combine(first, dt.time(), dt.UTC))
        found = Counter(entry.at.date() for entry in entries if entry.found)
        missed = Counter(entry.at.date() for entry in entries if not entry.found)
        dates = [first + dt.timedelta(days=number) for number in range(DAYS)]
        days = tuple(Day(date, found[date], missed[date]) for date in dates)
        return Stats(days, sum(one.likes for one in entries), sum(one.dislikes for one in entries))

    def export(self) -> bytes:
        """Everything that was asked, one JSON object a line, without who asked."""
        return "".join(f"{_line(entry)}\n" for entry in self._archive.asked()).encode()

    def _removed(self, name: str, key: str, words: Words) -> Reply:
        found = next((article for article in self._archive.articles if short_key(article.id) == key), None)
        if name != "remove" or found is None:
            return Reply(notice=words.say("This button is too old; please ask again."))
        self._archive.remove(found.id)
        return Reply.of(words.say("Removed: “{title}”.", title=found.title))

    def _told(self, change: Callable[[], Report], words: Words) -> Reply:
        try:
            report = change()
        except ArticleBotError as error:
            return Reply.of(str(error))
        return told(report, words)


def told(report: Report, words: Words) -> Reply:
    """What a change of the archive did, with a decision to make where it waits for one."""
    heading = words.say("Not everything could be read.") if report.failed else words.say("Done.")
    if report.staged:
        heading = words.say("Waits for publication:")
    blocks = (Text(heading, strong=True), *listed(report, words), Text(_took(report.seconds, words)))
    return Reply(blocks, (decisions(words),) if report.staged else ())


def counted(stats: Stats, words: Words) -> str:
    """The figures of what was asked lately."""
    found = sum(day.found for day in stats.days)
    asked = found + sum(day.missed for day in stats.days)
    lines = (
        words.many("{n} question in 30 days", "{n} questions in 30 days", asked),
        words.say("answered: {n}", n=words.number(found)),
        f"👍 {words.number(stats.likes)}  👎 {words.number(stats.dislikes)}",
    )
    return "\n".join(lines)


def _took(seconds: float, words: Words) -> str:
    """How long it took; a fraction counts as many, in English, and elsewhere the unit is not spelt out."""
    shown = round(seconds, 1)
    return words.many("{n} second", "{n} seconds", 1 if shown == 1 else 2, n=words.number(shown))


def _line(entry: Asked) -> str:
    values = asdict(entry) | {"at": entry.at.isoformat()}
    return json.dumps({key: values[key] for key in values if key not in ("asker", "channel")}, ensure_ascii=False)
