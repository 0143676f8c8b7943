"""Expected words in English → the same words in the language that a scenario is played in, through the catalogues.

The bot's sentences are known by their form, as the catalogue has them: a line that is none of them, such as a title or
a name, stays as it is. What is quoted from articles is never translated.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel.dates import get_month_names
from babel.messages.pofile import read_po

from bot.words import ENGLISH, Words

OPEN = "…"  # whatever the bot says there
MONTHS = {name: number for number, name in get_month_names(locale="en").items()}
DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
FIGURE = re.compile(f"{DAY.pattern}|{NUMBER.pattern}")
MARK = re.compile(r"(\*\*|__|~~|\[|\])")
BETWEEN = (" · ", " — ", " – ", ": ", "; ", ", ", " and ")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the bot as the catalogue has it, with the form by which it is known."""

    one: str
    other: str | None
    form: re.Pattern[str]

    @property
    def words(self) -> int:
        """How much of it is words, not gaps."""
        return len(re.sub(r"\{\w+\}", "", self.one))


class Translation:
    """What the bot says in a language, from what it says in English.

    Args:
        language: Its code.
    """

    def __init__(self, language: str) -> None:
        self.words = Words.of(language)

    def line(self, line: str) -> str:
        """A line of a scenario; quotations stay as they are."""
        if line.startswith("> ") or self.words.language == ENGLISH:
            return line
        parts = MARK.split(line)
        # A figure that is bold is the answer, in the article's own words.
        own = {
            number for number in range(1, len(parts)) if parts[number - 1] == "**" and FIGURE.fullmatch(parts[number])
        }
        return "".join(
            part if number in own or MARK.fullmatch(part) else self._said(part) for number, part in enumerate(parts)
        )

    def _said(self, text: str) -> str:
        bare = text.strip()
        if not bare or bare == OPEN:
            return text
        return text.replace(bare, self._sentence(bare) or self._figure(bare) or self._in_parts(bare))

    def _sentence(self, text: str) -> str | None:
        """A sentence of the catalogue, its gaps filled with what fills them here."""
        for known in _catalogue():
            match = known.form.fullmatch(text)
            if match is None:
                continue
            gaps = {name: self._said(value) for name, value in match.groupdict().items()}
            if known.other is None:
                return self.words.say(known.one, **gaps)
            count = match["n"].replace(",", "")
            return self.words.many(known.one, known.other, int(count), **gaps) if count.isdigit() else OPEN
        return None

    def _figure(self, text: str) -> str | None:
        """A date or a number."""
        if day := DAY.fullmatch(text):
            return self.words.day(dt.date(int(day[3]), MONTHS[day[2]], int(day[1])))
        return self.words.number(float(text.replace(",", ""))) if NUMBER.fullmatch(text) else None

    def _in_parts(self, text: str) -> str:
        """Sentences that follow each other, or what stands beside each other in a line."""
        sentences = re.split(r"(?<=[.!?]) (?=[“A-Z])", text)
        if len(sentences) > 1:
            return " ".join(self._said(one) for one in sentences)
        for between in BETWEEN:
            if between in text:
                return between.join(self._said(part) for part in text.split(between))
        return text


@cache
def _catalogue() -> tuple[Sentence, ...]:
    """Every sentence of the bot, those with the most words first."""
    return tuple(sorted(_sentences(), key=lambda one: one.words, reverse=True))


def _sentences() -> Iterator[Sentence]:
    source = files("bot").joinpath("locale", "uk", "LC_MESSAGES", "bot.po")
    if not source.is_file():
        return
    with source.open("rb") as catalogue:
        for message in read_po(catalogue):
            ids = message.id if isinstance(message.id, tuple | list) else (message.id, None)
            if ids[0]:
                forms = "|".join(_form(each) for each in ids[:1])
                yield Sentence(ids[0], ids[1], re.compile(forms))
                if ids[1]:
                    yield Sentence(ids[0], ids[1], re.compile(_form(ids[1])))


def _form(sentence: str) -> str:
    """The form of a sentence; what is one quotation is not several, one after another."""
    filled = r"(?:(?!”, “).)+?" if sentence.startswith("“") and sentence.endswith("”") else ".+?"
    return re.sub(r"\\\{(\w+)\\\}", lambda gap: f"(?P<{gap[1]}>{filled})", re.escape(sentence))
