"""What a question takes for granted."""

from collections.abc import Callable

import pytest

from retrieval.premise import missing
from retrieval.schema import Article

TEXT = "Canada’s Ben Johnson won in 9.79 seconds in Seoul, said Anglo-Irish reporters. It was 24 September 1988."


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who won the World Cup?", ("World", "Cup")),
        ("What time did the Canadian Johnson run in Seoul?", ()),
        ("Did Johnson's rival win the 200 metres?", ("200",)),
        ("Who ran 9.79?", ()),
        ("Which Irish reporters were in Seoul on Monday?", ()),
        ("WHO WON THE WORLD CUP?", ()),
        ("who won the world cup", ()),
        ("", ()),
    ],
)
def test_names_and_numbers_that_an_article_lacks(
    make_article: Callable[..., Article], question: str, expected: tuple[str, ...]
) -> None:
    """Names by their beginnings, numbers as they stand; capitals of a shouted question tell nothing."""
    assert missing(question, make_article(TEXT)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did Kucukdeveci sue Swedex?", ()),
        ("What did the TEFU say of Kücükdevci?", ()),
        ("How many voted for the TFEU-Parliament in 2011-2012?", ()),
        ("Who sat from the 1980's on?", ()),
        ("What did the TEXU say of Wat?", ("TEXU", "Wat")),
        ("How many voted in 2011-2013?", ("2011-2013",)),
        ("What did Maria Watson say?", ("Maria", "Watson")),
    ],
)
def test_slips_and_spellings_are_not_other_names(
    make_article: Callable[..., Article], question: str, expected: tuple[str, ...]
) -> None:
    """A name without its accents, with one slip, or joined by a hyphen is the article's; another short one is not."""
    text = "Seda Kücükdeveci sued Swedex under the TFEU in the 1980s. Parliament sat in 2011–2012. Marta Watt said so."
    assert missing(question, make_article(text)) == expected


def test_the_title_and_the_date_count_too(make_article: Callable[..., Article]) -> None:
    """What stands above the text is said as well."""
    article = make_article("It was fast.", title="Johnson in Seoul", published="1988-09-24")
    assert missing("How fast was Johnson in 1988?", article) == ()
