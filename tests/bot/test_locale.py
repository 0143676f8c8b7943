"""The catalogues: everything the bot says, in every language."""

import ast
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.words import LANGUAGES, Words

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


def forms(message: Message) -> list[str]:
    """The translations of a message, one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_said_is_translated(language: str) -> None:
    """A catalogue holds every text of the code, each translated in all its plural forms, and nothing besides."""
    found = {
        message.id if isinstance(message.id, str) else tuple(message.id): message for message in catalogue(language)
    }
    found.pop("", None)
    assert set(found) == written()
    for message in found.values():
        assert all(forms(message)), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_fill_in_the_same_names(language: str) -> None:
    """A translation has the fields of its text, no other; only a form for one thing may leave out the number."""
    for message in catalogue(language):
        if message.id:
            texts = [message.id] if isinstance(message.id, str) else list(message.id)
            fields = set(FIELD.findall(texts[-1]))
            assert all(fields - {"{n}"} <= set(FIELD.findall(form)) <= fields for form in forms(message)), message.id


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
        ("ar", 0, "لا مقالات"),
        ("ar", 1, "مقال واحد"),
        ("ar", 2, "مقالان"),
        ("ar", 103, "\u200f\u2068103\u2069 مقالات"),
        ("ar", 11, "\u200f\u206811\u2069 مقالًا"),
        ("ar", 100, "\u200f\u2068100\u2069 مقال"),
    ],
)
def test_plural_forms_are_right(language: str, count: int, expected: str) -> None:
    """Each language counts by its own rules."""
    assert Words.of(language).many("{n} article", "{n} articles", count) == expected


def test_babel_finds_every_text() -> None:
    """No text stands where extraction overlooks it, as older Pythons do inside an f-string."""
    written_out = {
        argument.value
        for path in BOT.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and _name(call.func) in KEYWORDS
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }
    assert written_out == {text for one in written() for text in ([one] if isinstance(one, str) else one)}


def _name(called: ast.expr) -> str | None:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else None


def test_arabic_has_six_plural_forms() -> None:
    """Arabic counts none, one, two, few, many and hundreds each in its way."""
    said = {Words.of("ar").many("{n} article", "{n} articles", count) for count in (0, 1, 2, 3, 11, 100)}
    assert len(said) == 6
