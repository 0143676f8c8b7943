"""The buttons under an answer."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.buttons import MOST_UNITS, quoting, under
from bot.render import units
from bot.words import Words
from retrieval import Archive

ENGLISH = Words.of("en")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('“No one,” he said, “wants "it".”', "“No one, he said, wants it .”"),
        ("word " * 100, f"“{'word ' * 50}word”"[:255].rpartition(" ")[0] + "”"),
        ("🌉" * 300, None),
        ("🌉 " * 300, None),
    ],
)
def test_a_citation_is_found_again_by_its_first_words(text: str, expected: str | None) -> None:
    """They stand between quotation marks, without any inside, whole words as far as an inline query holds them."""
    query = quoting(text)
    assert (query[0], query[-1]) == ("“", "”")
    assert units(query) <= MOST_UNITS
    assert expected is None or query == expected


def test_a_long_citation_is_quoted_by_what_finds_it_first(open_archive: Callable[..., Archive], news: Path) -> None:
    """On any page the inline query brings the citation of that page, and not what the question would bring."""
    long = " ".join(f"pier {number} was sound" for number in range(40))
    (news / "articles" / "piers.txt").write_text(f"Piers\n\nAna Ruiz said that {long}.\n", encoding="utf-8")
    archive = open_archive(news, threshold=0.2)
    archive.reload()
    answer = archive.ask("What did Ana Ruiz say about the sound pier?")
    place = next(at for at, one in enumerate(answer.citations) if len(one.text) > MOST_UNITS)
    first = replace(answer, citations=(answer.citations[place],))
    (quote,) = (one for row in under("key", first, ENGLISH, 0, context=False) for one in row if one.inline)
    assert archive.ask(quote.inline or "").citations[0].text == first.citations[0].text
