"""Article → Sentences."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.schema import Article
from retrieval.sentences import MAX_CHARS, paragraphs, split


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split(Article("a", "v", "t", text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("“I did. I will,” she said. Dr. Smith left.", ["“I did. I will,” she said.", "Dr. Smith left."]),
        (
            "He went to the U.S. in Jan. 2020. It cost $3.5 million.",
            ["He went to the U.S. in Jan. 2020.", "It cost $3.5 million."],
        ),
        ("Headline without stop\nFirst sentence.", ["Headline without stop", "First sentence."]),
        ("😀 Emoji here. More.", ["😀 Emoji here.", "More."]),
        ("\u202bمرحبا.\u202c Then English.", ["\u202bمرحبا.", "\u202c Then English."]),
        ("   \n\n  ", []),
        ("", []),
    ],
)
def test_split_finds_sentences(text: str, expected: list[str]) -> None:
    """Abbreviations, quotations and headlines are cut where a reader would."""
    assert texts(text) == expected


def test_lines_wrapped_by_hand_are_one_paragraph() -> None:
    """A sentence that goes on in the next line of a wrapped paragraph stays whole."""
    text = (
        "The bridge at Harlow Quay is to be shut until\nOctober, the council said on Tuesday, as\ndivers found cracks."
    )
    assert texts(text) == [text]


def test_a_long_quotation_is_cut_between_its_sentences() -> None:
    """A citation of a whole speech would help nobody."""
    quotation = (
        "“"
        + " ".join(f"This is sentence number {number} of a long speech about bridges." for number in range(12))
        + "”"
    )
    assert len(texts(quotation)) == 12


def test_text_without_a_full_stop_is_cut() -> None:
    """No sentence is longer than a citation may be."""
    found = texts("word " * 20_000)
    assert max(map(len, found)) <= MAX_CHARS
    assert sum(map(len, found)) >= 4 * 20_000


def test_a_megabyte_without_a_space_is_cut() -> None:
    """Not even where there is nowhere to cut."""
    assert max(map(len, texts("x" * 1_000_000))) <= MAX_CHARS


def test_numbers_and_paragraphs_count_from_zero(make_article: Callable[..., Article]) -> None:
    """Sentences are numbered through the article, paragraphs as they come."""
    found = split(make_article("A bee. See dee.\n\nE ef."))
    assert [(sentence.number, sentence.paragraph) for sentence in found] == [(0, 0), (1, 0), (2, 1)]


@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from(" .\n“”\"'?!"), max_size=400))
@example("a\x1cb. c")
@example("“" * 50)
@example(". . .\n\n...")
def test_sentences_cover_the_text(text: str) -> None:
    """In order, apart, and all that lies between them is white space."""
    found = split(Article("a", "v", "t", text))
    at = 0
    for sentence in found:
        assert text[at : sentence.start].strip() == ""
        assert sentence.start < sentence.end
        assert sentence.text == sentence.text.strip()
        at = sentence.end
    assert text[at:].strip() == ""


@given(st.text(alphabet=" ab.\n", max_size=200))
def test_paragraphs_cover_the_text(text: str) -> None:
    """What is in no paragraph is white space."""
    at = 0
    for start, end in paragraphs(text):
        assert text[at:start].strip() == ""
        at = end
    assert text[at:].strip() == ""
