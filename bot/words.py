"""What the bot says, in the person's language: gettext catalogues by Babel, plural forms, dates, directions.

Words are written in English where they are used, as `words.say("…")` and `words.many("…", "…", n)`; the catalogues in
`locale/` hold the rest. Knows nothing of articles: their text is never translated.
"""

import datetime as dt
import io
import re
from collections.abc import Iterable
from functools import cache
from gettext import NullTranslations
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

# By ISO 639-1 code, each by its own name.
LANGUAGES = {
    "en": "English",
    "uk": "Українська",
    "ru": "Русский",
    "de": "Deutsch",
    "es": "Español",
    "ar": "العربية",
}
ENGLISH = "en"
# Unicode's first-strong isolates: a name in another script must not turn the sentence around it (UAX #9).
ISOLATE, END = "\u2068", "\u2069"
# Says where nothing else does, or not every program looks past an isolate, that a line runs from right to left.
RIGHT_TO_LEFT = "\u200f"
# A command with the English words that belong to it; its slash would stand at the wrong end.
COMMAND = re.compile(r"/[a-z]+(?: [A-Za-z/:…]+)*")


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters; what is cut off shows as “…”."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def marked(text: str) -> str:
    """Marks a text for translation where it is not yet known into which language."""
    return text


class Words:
    """The bot's words in one language. Made by `Words.of`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(language)
        self._catalogue = _catalogue(language)

    @staticmethod
    def of(language: str | None) -> "Words":
        """The words of a language by its code, “uk” or “uk-UA”; English where there are none."""
        code = (language or ENGLISH).replace("_", "-").partition("-")[0].lower()
        return _words(code if code in LANGUAGES else ENGLISH)

    @property
    def is_right_to_left(self) -> bool:
        """Whether the language is written from right to left."""
        return self._locale.text_direction == "rtl"

    def say(self, text: str, /, **values: object) -> str:
        """A sentence, with `{names}` filled in."""
        return self._filled(self._catalogue.gettext(text), values)

    def many(self, one: str, other: str, count: int, /, **values: object) -> str:
        """A sentence that counts; `{n}` is the number as the language writes it."""
        return self._filled(self._catalogue.ngettext(one, other, count), {"n": self.number(count)} | values)

    def beside(self, *parts: str | None) -> str:
        """Things that stand side by side, as far as there are any: title, source, date."""
        return self.line(" · ".join(self.isolated(part) for part in parts if part))

    def listed(self, names: Iterable[str]) -> str:
        """Names, one after another."""
        return self.line(self.say(", ").join(self.isolated(name) for name in names))

    def line(self, text: str) -> str:
        """A line of ours: it runs as the language does, whatever it begins with."""
        led = not text or text.startswith(RIGHT_TO_LEFT) or not self.is_right_to_left
        return text if led else f"{RIGHT_TO_LEFT}{text}"

    def number(self, value: float) -> str:
        """A number as the language writes it."""
        return str(format_decimal(value, locale=self._locale))

    def day(self, date: str | dt.date | None) -> str | None:
        """A date as people write it, 13 February 2025; None where there is none."""
        if date is None:
            return None
        day = dt.datetime.fromisoformat(date) if isinstance(date, str) else date
        form = "d MMMM y" if self.language == ENGLISH else "long"
        return str(format_date(day, format=form, locale=self._locale))

    def isolated(self, value: str) -> str:
        """A text that does not turn the one around it, nor is turned by it; one of such parts is safe already."""
        return f"{ISOLATE}{value}{END}" if self.is_right_to_left and ISOLATE not in value else value

    def _filled(self, text: str, values: dict[str, object]) -> str:
        shown = {name: self.isolated(str(value)) for name, value in values.items()}
        safe = COMMAND.sub(lambda command: self.isolated(command[0]), text)
        said = safe.format_map(shown) if shown else safe
        return self.line(said) if said.startswith(ISOLATE) else said


@cache
def _words(language: str) -> Words:
    return Words(language)


def _catalogue(language: str) -> NullTranslations:
    """The catalogue, compiled in memory from its source: there is no second file to fall out of step."""
    if language == ENGLISH:
        return NullTranslations()
    source = files("bot").joinpath("locale", language, "LC_MESSAGES", "bot.po")
    if not source.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source.read_bytes()), locale=language))
    compiled.seek(0)
    return Translations(compiled)
