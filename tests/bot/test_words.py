"""The bot's words in each language."""

import pytest

from bot.words import END, ISOLATE, RIGHT_TO_LEFT, Words, shortened


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


def test_commands_keep_their_slash_where_the_words_run_from_right_to_left() -> None:
    """A command stands apart with the English words that belong to it, and so do things side by side."""
    said = Words.of("ar").say("Shall I forget your questions, your votes and your settings? /forget yes, or press.")
    assert f"{ISOLATE}/forget yes{END}" in said
    assert Words.of("uk").say("/help says how.").endswith("/help.")


def test_things_side_by_side_stand_apart() -> None:
    """From right to left each is isolated, once, in a line that runs as the language does."""
    arabic, ukrainian = Words.of("ar"), Words.of("uk")
    title, source = f"{ISOLATE}Title{END}", f"{ISOLATE}Source{END}"
    assert arabic.beside("Title", None, "Source") == f"{RIGHT_TO_LEFT}{title} · {source}"
    assert arabic.beside(arabic.listed(["Title"]), "Source").count(ISOLATE) == 2
    assert arabic.listed(["Title", "Source"]) == f"{RIGHT_TO_LEFT}{title}، {source}"
    assert ukrainian.listed(["Ana", "Tom"]) == "Ana, Tom"
    assert arabic.listed([]) == arabic.beside(None) == ""
    assert ukrainian.line("1.") == "1."


def test_braces_in_names_are_not_fields() -> None:
    """What people and articles write goes in as it is."""
    assert Words.of("en").say("{name} said:", name="{0} {x}") == "{0} {x} said:"


def test_only_what_is_too_long_is_shortened() -> None:
    """What fits stays as it is, with the spaces that dates have in some languages."""
    assert shortened("2025\u202fр.", 7) == "2025\u202fр."
    assert shortened("one two", 5) == "one…"


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "13 February 2025"), ("de", "13. Februar 2025"), ("uk", "13 лютого 2025\u202fр.")]
)
def test_dates_are_written_as_the_language_does(language: str, expected: str) -> None:
    """A date is the one of the language."""
    assert Words.of(language).day("2025-02-13") == expected
