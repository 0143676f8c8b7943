"""A pasted quotation → exact, altered or not there."""

from collections.abc import Callable

import pytest

from retrieval.quotecheck import Difference, check, differences
from retrieval.schema import Article, Speaker, Statement
from retrieval.sentences import split

TEXT = (
    "It rained all day. “I lied,” he said, “and I was ashamed for my family and friends.” The inquiry went on. "
    "“Residents have suffered too long,” said Eric Mays. “Nobody helped them.” It cost £3.1m."
)


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("Residents have suffered too long", "Residents have suffered too long"),
        ("residents have suffered too long.", "Residents have suffered too long"),
        ("RESIDENTS HAVE SUFFERED, TOO LONG", "Residents have suffered too long"),
        ("‘Residents have suffered too long’", "Residents have suffered too long"),
        ("It rained all day.", "It rained all day"),
        ("too long said Eric Mays nobody helped them", "too long,” said Eric Mays. “Nobody helped them"),
        ("it cost £3.1m", "It cost £3.1m"),
    ],
)
def test_exact_whatever_the_marks(make_article: Callable[..., Article], quote: str, stands: str) -> None:
    """Case, punctuation and quotation marks do not make a quotation another."""
    found = check(quote, split(make_article(TEXT)), [])
    assert found is not None
    assert found.is_exact
    assert found.article.text[slice(*found.span)] == stands


def test_a_split_quotation_is_exact(make_article: Callable[..., Article]) -> None:
    """“A,” he said, “B” is quoted as A B."""
    article = make_article(TEXT)
    sentences = split(article)
    first, second = TEXT.index("“I lied"), TEXT.index("“and I")
    content = ((first, first + 9), (second, TEXT.index("friends.”") + 9))
    statement = Statement((sentences[1],), Speaker("x", "X", "person"), None, None, content, "direct", 1.0)
    found = check("I lied, and I was ashamed for my family and friends.", sentences, [statement])
    assert found is not None
    assert (found.is_exact, found.statement) == (True, statement)


@pytest.mark.parametrize(
    "quote",
    [
        "Residents have suffered far too long",
        "Residents have suffered too little",
        "I was never ashamed for my family and friends",
    ],
)
def test_altered_words_are_noticed(make_article: Callable[..., Article], quote: str) -> None:
    """One word more or another is altered, not exact and not unknown."""
    found = check(quote, split(make_article(TEXT)), [])
    assert found is not None
    assert not found.is_exact


def test_the_word_that_decides_is_not_cut_off(make_article: Callable[..., Article]) -> None:
    """What the end of a quotation was changed from is found to the end of its clause."""
    found = check(
        "Schools kept apart are equal", split(make_article("“Schools kept apart are inherently unequal.”")), []
    )
    assert found is not None
    assert found.article.text[slice(*found.span)] == "Schools kept apart are inherently unequal"


@pytest.mark.parametrize("quote", ["The council has failed us all", "rain", "…", "", "long long long long long"])
def test_what_nobody_said_is_not_found(make_article: Callable[..., Article], quote: str) -> None:
    """Words that merely resemble are no quotation."""
    found = check(quote, split(make_article(TEXT)), [])
    assert found is None


def test_punctuation_is_no_difference() -> None:
    """It stays outside of what was added and what is missing."""
    shown = differences("I just lost $200.", "I just lost $100")
    assert shown[1:] == [Difference("missing", "$100"), Difference("added", "$200")]


def test_differences_word_by_word() -> None:
    """What was added and what is missing, in the order of reading."""
    shown = differences("Residents have suffered far too much", "Residents have suffered too long,”")
    assert shown == [
        Difference("same", "Residents have suffered"),
        Difference("added", "far"),
        Difference("same", "too"),
        Difference("missing", "long"),
        Difference("added", "much"),
    ]
