"""What must be read with a cited sentence."""

from collections.abc import Callable

import pytest

from retrieval.leaning import leans_back, needs_after, needs_before, tells_whom
from retrieval.schema import Article, Citation

BEFORE = "Karin Moe founded Varga Steel."


@pytest.mark.parametrize(
    "text",
    [
        "He added that the town would need forty million.",
        "It will cost 240,000 kroner.",
        "“Their first meeting,” she wrote, “was short.”",
        "But he did not agree.",
        "Before that, she taught chemistry.",
        "In Moscow, he met the mayor.",
        "On Monday, she resigned.",
        "The company employs 300 people.",
        "Since then the company has grown.",
    ],
)
def test_leans_back(text: str) -> None:
    """A pronoun or a bare definite name of a thing at the beginning leans on the sentence before."""
    assert leans_back(text, "How many people are employed?", BEFORE)


@pytest.mark.parametrize(
    "text",
    [
        "Karin Moe said that she would resign.",
        "After the speech of Karin Moe, he resigned.",
        "The mayor of Tolvik resigned.",
        "The harbour office said so.",
        "The company, Varga Steel, has grown.",
        "The plan was dropped.",
        "Theirs is a small town.",
        "Engineers are at a loss.",
    ],
)
def test_stands_alone(text: str) -> None:
    """A sentence that names whom it is about, or is about what was asked, needs nothing before it."""
    assert not leans_back(text, "What became of the plan?", BEFORE)


def test_what_names_nobody_explains_no_definite_name() -> None:
    """Where the sentence before names nothing, it is not shown for “the company”."""
    assert not leans_back("The company employs 300 people.", "How many?", "It rained.")


def test_a_list_goes_on_from_the_sentence_before() -> None:
    """“Another” leans back where several things were asked for, and not else."""
    text = "Another boat came from Norway."
    assert leans_back(text, "Which countries sent boats?", BEFORE)
    assert not leans_back(text, "When did Norway send a boat?", BEFORE)


def cited(article: Article, text: str) -> Citation:
    start = article.text.index(text)
    return Citation(article, start, start + len(text), 0.9, context_start=0, context_end=len(article.text))


def test_needs_after_only_for_a_list(make_article: Callable[..., Article]) -> None:
    """What follows is needed where it goes on with a list that was asked for, in the same paragraph."""
    same = make_article("Sweden sent boats. Norway also sent one.")
    apart = make_article("Sweden sent boats.\n\nNorway also sent one.")
    assert needs_after(cited(same, "Sweden sent boats."), "Which countries sent boats?")
    assert not needs_after(cited(same, "Sweden sent boats."), "When did Sweden send boats?")
    assert not needs_after(cited(apart, "Sweden sent boats."), "Which countries sent boats?")
    assert not needs_after(cited(same, "Norway also sent one."), "Which countries sent boats?")


def test_needs_before_only_where_something_stands_before(make_article: Callable[..., Article]) -> None:
    """An article's first sentence has nothing before it, whatever it begins with."""
    article = make_article("He sent boats. She sent pumps.")
    assert not needs_before(cited(article, "He sent boats."), "Who?")
    assert needs_before(cited(article, "She sent pumps."), "Who?")


def test_tells_whom(make_article: Callable[..., Article]) -> None:
    """A person is told by a name within the sentence before, or at its beginning where it is known for one."""
    article = make_article("The mayor is called Moe. Moe resigned. School, he said, was over. He left.")
    assert tells_whom("He left.", "The mayor is called Moe.", article)
    assert tells_whom("He left.", "Moe resigned.", article)
    assert not tells_whom("He left.", "School, he said, was over.", article)
    assert tells_whom("It closed.", "School, he said, was over.", article)
