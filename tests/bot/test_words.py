"""The bot's words in each language."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.words import END, ISOLATE, LANGUAGES, Words

BOT = Path(__file__).parent.parent.parent / "bot"
TRANSLATED = [code for code in LANGUAGES if code != "en"]
KEYWORDS = {"say": None, "many": (1, 2), "marked": None}
FIELD = re.compile(r"\{\w+\}")


def written() -> set[str | tuple[str, ...]]:
    """Every text that the code says."""
    found = extract_from_dir(BOT, method_map=[("**.py", "python")], keywords=KEYWORDS)
    return {message if isinstance(message, str) else tuple(message) for _, _, message, _, _ in found}


def catalogue(language: str) -> Catalog:
    return read_po(io.BytesIO((BOT / "locale" / language / "LC_MESSAGES" / "bot.po").read_bytes()), locale=language)


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_said_is_translated(language: str) -> None:
    """A catalogue holds every text of the code, each translated in all its plural forms, and nothing besides."""
    found = {
        message.id if isinstance(message.id, str) else tuple(message.id): message for message in catalogue(language)
    }
    found.pop("", None)
    assert set(found) == written()
    for message in found.values():
        forms = [message.string] if isinstance(message.string, str) else message.string
        assert all(forms), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_fill_in_the_same_names(language: str) -> None:
    """A translation has the fields of its text, no other; only a form for one thing may leave out the number."""
    for message in catalogue(language):
        if message.id:
            texts = [message.id] if isinstance(message.id, str) else list(message.id)
            forms = [message.string] if isinstance(message.string, str) else message.string
            fields = set(FIELD.findall(texts[-1]))
            assert all(fields - {"{n}"} <= set(FIELD.findall(form)) <= fields for form in forms), message.id


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("en", 1, "1 article"),
        ("en", 0, "0 articles"),
        ("uk", 1, "1 стаття"),
        ("uk", 3, "3 статті"),
        ("uk", 11, "11 статей"),
        ("uk", 21, "21 стаття"),
        ("ru", 2, "2 статьи"),
        ("ru", 5, "5 статей"),
        ("de", 1, "1 Artikel"),
        ("es", 2, "2 artículos"),
    ],
)
def test_plural_forms_are_right(language: str, count: int, expected: str) -> None:
    """Each language counts by its own rules."""
    assert Words.of(language).many("{n} article", "{n} articles", count) == expected


def test_arabic_has_six_plural_forms() -> None:
    """Arabic counts none, one, two, few, many and hundreds each in its way."""
    said = {Words.of("ar").many("{n} article", "{n} articles", count) for count in (0, 1, 2, 3, 11, 100)}
    assert len(said) == 6


@pytest.mark.parametrize(
    ("code", "language"), [("uk-UA", "uk"), ("DE", "de"), ("pt-BR", "en"), (None, "en"), ("", "en")]
)
def test_an_unknown_language_is_english(code: str | None, language: str) -> None:
    """The words are those of the language's code, without its region; English where there are none."""
    assert Words.of(code).language == language


def test_names_are_isolated_where_the_words_run_from_right_to_left() -> None:
    """A name in another script does not turn the sentence around it."""
    said = Words.of("ar").say("The articles do not say that {name} said so.", name="Ana Ruiz")
    assert f"{ISOLATE}Ana Ruiz{END}" in said
    assert ISOLATE not in Words.of("de").say("The articles do not say that {name} said so.", name="Ana Ruiz")


def test_braces_in_names_are_not_fields() -> None:
    """What people and articles write goes in as it is."""
    assert Words.of("en").say("{name} said:", name="{0} {x}") == "{0} {x} said:"


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "13 February 2025"), ("de", "13. Februar 2025"), ("uk", "13 лютого 2025 р.")]
)
def test_dates_are_written_as_the_language_does(language: str, expected: str) -> None:
    """A date is the one of the language."""
    assert Words.of(language).day("2025-02-13") == expected
