"""What can be looked through: articles, people, what somebody said; page by page, with buttons that lead on.

Knows no channel, asks no questions and remembers nothing.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TypeVar
from urllib.parse import quote

from bot import compose
from bot.blocks import Block, Button, Reply, Text
from bot.words import Words, marked, shortened
from retrieval import Archive, Article, Speaker, Statement

ENTRIES, CARD, LATEST, NAMES = 8, 4, 5, 6
TITLE_CHARS = 200
ROW = 4
KEY_CHARS = 12
# Telegram's link that lets a person choose a chat to send another link to.
SHARED = "https://t.me/share/url?url={}&text={}"
NAME_WORD = re.compile(r"\w+")
# Between several names; and what names nobody by itself.
BETWEEN_NAMES = re.compile(r"[,;&/]|\band\b", re.IGNORECASE)
LITTLE = frozenset("the a an of and for to in on at by".split())

Item = TypeVar("Item")


def short_key(text: str) -> str:
    """What stands for a text where only 64 bytes are allowed."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:KEY_CHARS]


@dataclass(frozen=True, slots=True)
class View:
    """An archive as one person sees it; without `paged` all comes at once, without `address` nothing is shared."""

    archive: Archive
    words: Words
    paged: bool = True
    address: str | None = None

    def greeting(self, *, offered: bool) -> tuple[Block, ...]:
        """What the bot does, what it knows and how to begin; `offered` where questions to begin with follow."""
        words, articles = self.words, self.archive.articles
        counted = words.many("{n} article", "{n} articles", len(articles))
        spoken = words.many("{n} person or body speaks", "{n} people and bodies speak", len(self._speakers()))
        latest = words.day(max((article.published or "" for article in articles), default="") or None)
        newest = words.say("the latest of {day}", day=latest) if latest else None
        if offered:
            begin = words.say("Ask in your own words, or begin with one of these; /help says more.")
        else:
            begin = words.say("Ask in your own words; /help says more.")
        return (
            Text(
                words.say(
                    "I answer questions about articles with their own sentences, word for word, and I know who said"
                    " what. What the articles do not say, I say they do not say."
                )
            ),
            Text(words.beside(counted, spoken, newest)),
            Text(begin),
        )

    def articles(self, page: int) -> Reply:
        """All articles, the latest first."""
        return self._articles(self._by_date(), page, "A")

    def latest(self) -> Reply:
        """The latest articles."""
        return self._articles(self._by_date()[:LATEST], 0, "A")

    def people(self, page: int) -> Reply:
        """Everybody who says something by name, whoever says most first."""
        speakers = self._speakers()
        if not speakers:
            return Reply.of(self.words.say("The articles report nobody’s words."))
        page = self._page(page, len(speakers), ENTRIES)
        shown = self._shown(speakers, page, ENTRIES)
        opened = [Button(one.name[:40], f"p.{short_key(one.id)}.0") for one in shown]
        rows = [opened[at : at + 2] for at in range(0, len(opened), 2)] if self.paged else []
        listing = compose.people_listed(shown, self.words)
        return Reply.of(listing, buttons=[*rows, self._turning("P", page, len(speakers), ENTRIES)])

    def quotes_of(self, name: str) -> Reply:
        """What somebody said, by a name as people write it."""
        if not name:
            return Reply.of(self.words.say("Whose? /quotes NAME; /people lists the names."))
        found = self.archive.statements(speaker=name)
        if not found or not _is_meant(found[0].speaker, name):
            return Reply.of(
                self.words.say("Nobody called “{name}” speaks in the articles; /people lists the names.", name=name)
            )
        return self.quotes(found[0].speaker, 0)

    def quotes(self, speaker: Speaker, page: int) -> Reply:
        """A speaker's card: everything they said, by article and date."""
        said = [one for one in self.archive.statements() if one.speaker == speaker]
        said = each_sentence_once(said)
        said.sort(key=lambda one: (one.article.published or "", one.article.id), reverse=True)
        page = self._page(page, len(said), CARD)
        shown = range(page * CARD, (page + 1) * CARD) if self.paged else None
        blocks = compose.speaker_card(speaker, said, self.words, shown=shown)
        key = short_key(speaker.id)
        turning = self._turning(f"p.{key}", page, len(said), CARD)
        return Reply.of(*blocks, buttons=[turning, self._sharing(f"p-{key}", speaker.name)])

    def card(self, article: Article) -> Reply:
        """An article: where it comes from and who speaks in it."""
        said = [one.speaker for one in self.archive.statements() if one.article.id == article.id]
        speakers = [one for one in dict.fromkeys(said) if one.kind != "unnamed"][:NAMES]
        blocks = compose.article_card(article, self.words, speakers=speakers)
        opened = [Button(one.name[:40], f"p.{short_key(one.id)}.0") for one in speakers]
        rows = [opened[at : at + 2] for at in range(0, len(opened), 2)] if self.paged else []
        return Reply.of(*blocks, buttons=[*rows, self._sharing(f"a-{short_key(article.id)}", article.title)])

    def find(self, key: str) -> Article | None:
        """An article by its id, by the short key of it, or by words of its title."""
        wanted = key.casefold()
        articles = self._by_date()
        exact = [one for one in articles if wanted in (one.id.casefold(), short_key(one.id), one.title.casefold())]
        return next(iter(exact or [one for one in articles if wanted in one.title.casefold()]), None)

    def led_to(self, payload: str) -> Reply | None:
        """What a deep link leads to: an article's id or `a-` and its id or key, `p-` a speaker, `s-` a statement.

        None where it leads nowhere.
        """
        named = self._named(payload)
        if named:
            return self.card(named)
        kind, _, rest = payload.partition("-")
        if kind == "a":
            return self.article(rest)
        if kind == "p":
            return self.speaker(f"{rest}.0")
        return self._statement(rest) if kind == "s" else None

    def speaker(self, rest: str) -> Reply | None:
        """A page of a speaker's card, by the short key of the speaker."""
        key, _, page = rest.partition(".")
        found = next((one for one in self.archive.speakers if short_key(one.id) == key), None)
        return self.quotes(found, int(page)) if found and page.isdecimal() else None

    def article(self, rest: str) -> Reply | None:
        """An article's card, by the id of the article or its short key."""
        found = self._named(rest)
        return self.card(found) if found else None

    def _named(self, key: str) -> Article | None:
        return next((one for one in self.archive.articles if key in (one.id, short_key(one.id))), None)

    def _statement(self, rest: str) -> Reply | None:
        key, _, start = rest.partition("-")
        for one in self.archive.statements():
            if short_key(one.article.id) == key and str(one.sentences[0].start) == start:
                return Reply.of(compose.statement(one, self.words, named=True))
        return None

    def _articles(self, articles: Sequence[Article], page: int, action: str) -> Reply:
        if not articles:
            return Reply.of(self.words.say("There are no articles yet."))
        page = self._page(page, len(articles), ENTRIES)
        shown = self._shown(articles, page, ENTRIES)
        start = page * ENTRIES if self.paged else 0
        opened = [
            Button(self.words.number(number), f"a.{short_key(one.id)}") for number, one in enumerate(shown, start + 1)
        ]
        rows = [opened[at : at + ROW] for at in range(0, len(opened), ROW)] if self.paged else []
        listing = compose.articles_listed(shown, self.words, first=start + 1)
        return Reply.of(listing, buttons=[*rows, self._turning(action, page, len(articles), ENTRIES)])

    def _speakers(self) -> list[Speaker]:
        return [one for one in self.archive.speakers if one.kind != "unnamed"]

    def _by_date(self) -> list[Article]:
        return sorted(self.archive.articles, key=lambda one: one.published or "", reverse=True)

    def _shown(self, items: Sequence[Item], page: int, size: int) -> Sequence[Item]:
        return items[page * size : (page + 1) * size] if self.paged else items

    @staticmethod
    def _page(page: int, total: int, size: int) -> int:
        """A page that there is: the last, where a list has shrunk since its buttons were made."""
        return min(page, max(0, (total - 1) // size))

    def _sharing(self, payload: str, title: str) -> list[Button]:
        """The button that sends a link to what is shown to a chat of the person's choice."""
        if self.address is None or not self.paged:
            return []
        link = f"{self.address}?start={payload}"
        url = SHARED.format(quote(link, safe=""), quote(shortened(title, TITLE_CHARS), safe=""))
        return [Button(self.words.say("Share"), url=url)]

    def _turning(self, action: str, page: int, total: int, size: int) -> list[Button]:
        """The buttons to the pages before and after."""
        pages = -(-total // size)
        if not self.paged or pages < 2:  # noqa: PLR2004 - one page needs no turning
            return []
        place = f"{self.words.number(page + 1)}/{self.words.number(pages)}"
        before = [Button(f"‹ {place}", f"{action}.{page - 1}")] if page > 0 else []
        after = [Button(f"{place} ›", f"{action}.{page + 1}")] if page + 1 < pages else []
        return before + after


def each_sentence_once(statements: Sequence[Statement]) -> list[Statement]:
    """Statements without the sentences that one before holds already.

    Where those left out are of another kind, what stays is partly in the speaker's own words.
    """
    holder: dict[tuple[str, int], int] = {}
    kept: list[Statement] = []
    for one in statements:
        fresh = tuple(sentence for sentence in one.sentences if (one.article.id, sentence.start) not in holder)
        if fresh:
            holder |= dict.fromkeys(((one.article.id, sentence.start) for sentence in fresh), len(kept))
            kept.append(replace(one, sentences=fresh))
            continue
        at = holder[one.article.id, one.sentences[0].start]
        if kept[at].kind != one.kind:
            kept[at] = replace(kept[at], kind="mixed")
    return kept


def _is_meant(speaker: Speaker, typed: str) -> bool:
    """Whether a name as typed is one name, and the speaker's: not several, and more than a little word."""
    words = {word for word in NAME_WORD.findall(typed.casefold()) if word not in LITTLE}
    if len([part for part in BETWEEN_NAMES.split(typed) if part.strip()]) < 2:  # noqa: PLR2004 - several names
        return bool(words)
    known = NAME_WORD.findall(" ".join((speaker.name, speaker.title or "", *speaker.aliases)).casefold())
    return bool(words) and all(get_close_matches(word, known, 1, 0.75) for word in words)


def help_text(words: Words) -> Reply:
    """What can be asked and which commands there are."""
    asked, then = (
        words.listed(words.say("“{text}”", text=text) for text in examples) for examples in (QUESTIONS, FOLLOW_UPS)
    )
    opening = words.say(
        "Ask about the articles in your own words: {questions} Then go on: {follow_ups} Every answer is a sentence of"
        " an article, exactly as it stands there.",
        questions=asked,
        follow_ups=then,
    )
    lines = [words.line(f"{words.say(command)} – {words.say(text)}") for command, text in COMMANDS.items()]
    return Reply.of(opening, words.say(compose.BEST_IN), "\n".join(lines))


def privacy(words: Words) -> Reply:
    """What is kept of people, and how to be rid of it."""
    return Reply.of(
        words.say(
            "I keep your questions, my answers and your votes, with the number that your messenger gives you, so that"
            " buttons and follow-up questions work and the operator sees what was asked in vain. I keep no names, send"
            " nothing to anybody and use no outside service. /forget deletes all that is yours."
        )
    )


def commands(words: Words) -> dict[str, str]:
    """The commands for everybody, with what each does."""
    return {command.removeprefix("/").partition(" ")[0]: words.say(text) for command, text in COMMANDS.items()}


# In English in every language: it is what the bundled model reads.
QUESTIONS = ("Who said …?", "What did … say about …?", "When did …?")
FOLLOW_UPS = ("And Zelensky?", "Why?", "What else did he say?")
COMMANDS = {
    "/articles": marked("the articles that can be asked"),
    "/latest": marked("the latest articles"),
    marked("/article ID"): marked("ask only this one; alone: ask all again"),
    "/people": marked("who says something in the articles"),
    marked("/quotes NAME"): marked("what somebody said"),
    marked("/check “…”"): marked("whether a quotation is word for word, and whose it is"),
    "/context": marked("the last answer with the sentences around it"),
    "/language": marked("the language that I speak"),
    "/privacy": marked("what is kept of you"),
    "/forget": marked("delete what is kept of you"),
    "/help": marked("what can be asked"),
}

Page = Callable[[View, str], Reply | None]


def _paged(show: Callable[[View, int], Reply]) -> Page:
    def page(view: View, rest: str) -> Reply | None:
        return show(view, int(rest)) if rest.isdecimal() else None

    return page


# By the name of the action that a button brings back.
PAGES: dict[str, Page] = {
    "A": _paged(View.articles),
    "P": _paged(View.people),
    "a": View.article,
    "p": View.speaker,
}
