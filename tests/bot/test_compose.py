"""What stands above an answer."""

from collections.abc import Callable

import pytest

from bot.blocks import Text
from bot.compose import answered, reason
from bot.words import Words
from retrieval import Answer, Article, Citation, Excerpt, Question, Speaker, Statement
from retrieval.schema import QuestionKind, Sentence

ENGLISH = Words.of("en")


def heading(article: Article, question: str, short: str, kind: QuestionKind = "fact") -> str | None:
    """What stands above a citation of the whole article; None where nothing does."""
    start = article.text.index(short)
    end = len(article.text)
    said = Statement((Sentence(article, 0, 0, 0, end),), Speaker("x", "X", "person"), None, None, (), "direct", 0.9)
    cited = Citation(article, 0, end, 0.9, context_start=0, context_end=end, statement=said)
    answer = Answer(
        Question(question, kind, question, speaker="Russia"),
        found=True,
        probability=0.9,
        citations=(cited,),
        short=Excerpt(article, start, start + len(short)),
    )
    first = answered(answer, ENGLISH)[0]
    return first.text if isinstance(first, Text) else None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Was the bridge vouched for?", None),
        ("and didn’t it open?", None),
        ("When it rained, was the bridge open?", None),
        ("Who vouched?", "vouched"),
        ("Can you tell me who vouched?", "vouched"),
        ("Which does it mean, in May?", "vouched"),
    ],
)
def test_a_yes_no_question_has_no_word_of_the_sentence_above_it(
    make_article: Callable[..., Article], question: str, expected: str | None
) -> None:
    """A word of the article that is neither yes nor no is no answer to it."""
    assert heading(make_article("Nobody vouched."), question, "vouched") == expected


def test_without_a_verdict_none_is_printed(make_article: Callable[..., Article]) -> None:
    """Where a fact answers whether somebody did something, the bot says neither yes nor no."""
    article = make_article("Russia had freed Fogel.")
    assert heading(article, "Did Russia release Fogel?", "Fogel", "did_say") is None


@pytest.mark.parametrize(
    ("short", "expected"),
    [("“I lied", "I lied"), ("I lied,”", "I lied"), ("“I lied,”", "“I lied,”"), ("lied,” he", None), ('"I', "I")],
)
def test_a_heading_has_its_quotation_marks_in_pairs(
    make_article: Callable[..., Article], short: str, expected: str | None
) -> None:
    """A mark at the end that has lost its partner goes; with one inside there is no heading."""
    article = make_article('“I lied,” he said. "I did," he said.')
    assert heading(article, "What did he do?", short) == expected


@pytest.mark.parametrize(
    ("nearly", "lacks", "said", "told"),
    [
        (False, (), "The articles do not say.", "The nearest sentence, which does not answer:"),
        (False, ("Yale",), "The articles do not say.", "The nearest sentence, which does not mention “Yale”:"),
        (True, (), "Perhaps the articles do not say.", "The nearest sentence, which may answer:"),
        (
            True,
            ("Yale", "rowing crew"),
            "Perhaps the articles do not say.",
            "The nearest sentence, which may answer but does not mention “Yale”, “rowing crew”:",
        ),
    ],
)
def test_what_is_not_sure_is_told_from_what_is_not_said(
    make_article: Callable[..., Article], *, nearly: bool, lacks: tuple[str, ...], said: str, told: str
) -> None:
    """What may be an answer is not called none; words that the nearest sentence does not have are named."""
    article = make_article("Harvard has been highly ranked.")
    nearest = Citation(article, 0, len(article.text), 0.3, context_start=0, context_end=len(article.text))
    question = Question("How is the crew ranked?", "fact", "How is the crew ranked?")
    answer = Answer(question, found=False, probability=0.3, nearest=nearest, nearly=nearly, lacks=lacks)
    blocks = answered(answer, ENGLISH, why=lambda found: reason(found, ENGLISH))
    assert [block.text for block in blocks if isinstance(block, Text)] == [said, told]
