"""How many sentences an answer cites, and how far the context of a citation reaches."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.answer import answer_fact, nearest
from retrieval.archive import Archive
from retrieval.lexical import LexicalIndex
from retrieval.schema import Answer, Article, Question, Ranked, Sentence
from retrieval.sentences import split

FLOOD = """\
The harbour town

Three boats came to the harbour. One was from Sweden. A second boat was from Norway. The third was from Denmark. The
crews slept in the school.

Sweden sent pumps to the harbour. The mayor was glad. Another pump came from Norway to the harbour. Nobody was
hurt.

The harbour needs these things:

- gravel

- fences

All of this costs money. The town has none.

Karin Moe runs the bakery. She was hurt by a gate. Her arm is broken at the wrist.
"""


@pytest.fixture
def ask(news: Path, open_archive: Callable[..., Archive]) -> Callable[[str], Answer]:
    """Asks an article about a harbour, in which anything that is alike is an answer."""
    (news / "articles" / "harbour.txt").write_text(FLOOD, encoding="utf-8")
    archive = open_archive(news, threshold=0.1)
    archive.reload()
    return lambda question: archive.ask(question, article="harbour")


def test_one_is_cited_where_one_is_asked_for(ask: Callable[[str], Answer]) -> None:
    """Sentences that are as much alike are not cited beside the best, unless several were asked for."""
    alike = ask("Which countries sent pumps to the harbour?")
    assert len(alike.citations) > 1
    assert "Sweden sent pumps to the harbour." in {citation.text for citation in alike.citations}
    assert len(ask("When did Sweden send pumps to the harbour?").citations) == 1


def test_citations_come_best_first_and_not_too_many(ask: Callable[[str], Answer]) -> None:
    """The first citation is the best-ranked sentence, and there are never more than the configuration allows."""
    answer = ask("Which boats came to the harbour?")
    assert answer.citations[0].text == answer.ranked[0].sentence.text
    assert 1 <= len(answer.citations) <= 5


def test_what_is_announced_is_in_the_context(ask: Callable[[str], Answer]) -> None:
    """A sentence that announces three things is shown with the three after it, and no more."""
    citation = ask("Which boats came to the harbour?").citations[0]
    assert citation.text == "Three boats came to the harbour."
    assert citation.after.startswith("One was from Sweden.")
    assert citation.after.endswith("The third was from Denmark.")


def test_a_list_goes_on_over_one_sentence(ask: Callable[[str], Answer]) -> None:
    """A list is followed to the sentence that begins with “another”, over one that does not, and not beyond."""
    cited = {one.text: one for one in ask("Which countries sent pumps to the harbour?").citations}
    after = cited["Sweden sent pumps to the harbour."].after
    assert after == "The mayor was glad. Another pump came from Norway to the harbour."


def test_lines_behind_a_colon_are_the_list(ask: Callable[[str], Answer]) -> None:
    """The lines of a list are in the context of the sentence before them, the text after the list is not."""
    citation = next(one for one in ask("Which things does the harbour need?").citations if one.text.endswith(":"))
    assert citation.after.split() == ["-", "gravel", "-", "fences"]


def test_a_chain_of_pronouns_is_followed_back(ask: Callable[[str], Answer]) -> None:
    """Where the sentence before leans back itself, the one before that is in the context too."""
    citation = ask("Her arm is broken at the wrist where?").citations[0]
    assert citation.text == "Her arm is broken at the wrist."
    assert citation.before == "Karin Moe runs the bakery. She was hurt by a gate."


def test_one_goes_back_further_only_to_a_name(news: Path, open_archive: Callable[..., Archive]) -> None:
    """A sentence that names nobody is gone back over to one that does, and not where that does not either."""
    named = "Moe read the verdict.\n\n“School was over,” Moe read. “It is so.” He began at noon."
    nobody = "It rained. The verdict was read.\n\nSchool was over. He ended at night."
    for key, text in (("named", named), ("nobody", nobody)):
        (news / "articles" / f"{key}.txt").write_text(text, encoding="utf-8")
    archive = open_archive(news, threshold=0.1)
    archive.reload()
    assert archive.ask("When: he began at noon", article="named").citations[0].before.startswith("“School was over,”")
    assert archive.ask("When: he ended at night", article="nobody").citations[0].before == "School was over."


@dataclass
class Declined:
    """The turn of a question whose best sentence is not sure to answer."""

    question: Question
    ranked: list[Ranked]
    within: Article | None = None
    threshold: float = 0.5
    limit: int = 1
    lexical: LexicalIndex = field(default_factory=lambda: LexicalIndex(["a text"]))

    def rank(self, _text: str, _sentences: object) -> list[Ranked]:
        """None further."""
        return []

    def was_shown(self, _sentence: Sentence) -> bool:
        """It is the first question."""
        return False

    def embed(self, _texts: object) -> list[NDArray[np.float32]]:
        """Not asked for."""
        return []

    def stems(self, text: str) -> frozenset[str]:
        """As the archive stems."""
        return self.lexical.stems(text)

    def also(self, _article: Article, _text: str) -> tuple[Article, ...]:
        """It stands once."""
        return ()

    def neighbours(self, _sentence: Sentence) -> tuple[None, None]:
        """It stands alone."""
        return None, None


@pytest.mark.parametrize(
    ("asked", "doubted", "lacks"),
    [
        ("How is Yale’s rowing crew ranked?", ("Yale’s", "rowing", "crew"), ("Yale’s rowing crew",)),
        ("Where is Yale?", ("Where", "is", "Yale"), ("Yale",)),
        ("Which schools ranks Harvard first?", ("ranks", "Harvard", "schools"), ("schools",)),
        ("Did 2,000 students and 2,000 teachers vote?", ("2,000", "teachers"), ("2,000", "teachers")),
        ("Who ranked Harvard?", (), ()),
    ],
)
def test_doubted_words_that_the_sentence_has_not_are_named(
    make_article: Callable[..., Article], asked: str, doubted: tuple[str, ...], lacks: tuple[str, ...]
) -> None:
    """In no form of theirs; those side by side as one; nothing that only asks."""
    sentence = split(make_article("Harvard’s 3,000 students have ranked highly."))[0]
    spans = sorted((asked.index(word), asked.index(word) + len(word)) for word in doubted)
    answer = answer_fact(Declined(Question(asked, "fact", asked), [Ranked(sentence, 1, 0.3, doubted=tuple(spans))]))
    assert (answer.found, answer.nearly, answer.lacks) == (False, True, lacks)


@pytest.mark.parametrize(("probability", "doubted", "nearly"), [(0.3, (), True), (0.2, (), False), (0.4, None, False)])
def test_what_was_looked_at_twice_may_nearly_answer(
    make_article: Callable[..., Article], probability: float, doubted: tuple[()] | None, *, nearly: bool
) -> None:
    """Only a probability that was verified tells so; the reason says it of the article that was asked."""
    article = make_article("Harvard has ranked highly.", title="Ranks")
    ranked = Ranked(split(article)[0], 1, probability, doubted=doubted)
    answer = answer_fact(Declined(Question("Who?", "fact", "Who?"), [ranked], within=article))
    assert answer.nearly is nearly
    assert answer.reason == ("Perhaps “Ranks” does not say." if nearly else "“Ranks” does not say.")


@pytest.mark.parametrize(
    ("asked", "speaker", "language", "probability", "shown"),
    [
        (
            "Which students of Harvard did the dean teach?",
            None,
            "en",
            0.1,
            "Harvard’s 3,000 students have ranked highly.",
        ),
        (
            "What did students do?",
            "the dean",
            "en",
            0.1,
            "Harvard’s 3,000 students have ranked highly.",
        ),
        ("What is taught?", "the dean", "en", 0.1, "The dean’s office was shut."),
        ("What is Yale’s motto, and how much more is it first?", None, "en", 0.1, None),
        ("What is Yale’s motto?", None, "en", 0.3, "It is cold."),
        ("What is Yale’s motto?", None, "de", 0.1, "It is cold."),
        ("What is it?", None, "en", 0.1, "It is cold."),
    ],
)
def test_the_nearest_sentence_has_most_of_what_was_asked(
    make_article: Callable[..., Article],
    asked: str,
    speaker: str | None,
    language: str,
    probability: float,
    shown: str | None,
) -> None:
    """The topic before the speaker, and words that tell; the first where it may answer or none can be told apart."""
    text = "It is cold. The dean’s office was shut. Harvard’s 3,000 students have ranked highly."
    ranked = [Ranked(sentence, 1, probability) for sentence in split(make_article(text))]
    found = nearest(Declined(Question(asked, "fact", asked, speaker, language=language), ranked))
    assert (found and found.sentence.text) == shown
