"""Sets of articles and questions whose answering spans are known, and when a place of an article is right.

A set is a folder with `articles.jsonl` (`id`, `title`, `text`) and `questions.jsonl` (`article_id`, `question`,
`answer_spans`, `answerable`). Knows nothing of what answers.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.schema import Article
from retrieval.training.ranker_examples import containing, news_articles, rows, sentence_spans

MAX_CHARS = 700
Place = tuple[str, int, int]
"""An article's id, and where in it something begins and ends."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set, with the spans that answer it."""

    text: str
    article: str
    spans: tuple[tuple[int, int], ...]
    answerable: bool

    def is_answered_by(self, place: Place) -> bool:
        """Whether citing it would be right: at most MAX_CHARS, with half of the shorter of it and an answering span."""
        article, start, end = place
        if not self.answerable or article != self.article or not 0 < end - start <= MAX_CHARS:
            return False
        return any(
            min(end, e) > max(start, s) and min(end, e) - max(start, s) >= 0.5 * min(end - start, e - s)
            for s, e in self.spans
        )


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Articles and what is asked of them."""

    name: str
    articles: tuple[Article, ...]
    questions: tuple[Asked, ...]

    @classmethod
    def read(cls, folder: Path, *, limit: int | None = None) -> "QuestionSet":
        """The set in a folder; with a `limit`, a fixed draw of so many questions."""
        articles = (
            Article(row["id"], "0", row.get("title") or "", row["text"]) for row in rows(folder / "articles.jsonl")
        )
        listed = list(rows(folder / "questions.jsonl"))
        if limit is not None and len(listed) > limit:
            listed = random.Random(0).sample(listed, limit)  # noqa: S311 - a fixed draw
        questions = (
            Asked(row["question"], row["article_id"], tuple((s, e) for s, e in row["answer_spans"]), row["answerable"])
            for row in listed
        )
        return cls(folder.name, tuple(articles), tuple(questions))

    @classmethod
    def held_out(cls, corpus: Path) -> "QuestionSet":
        """Our own news that is not trained on; a third of its questions have no answer."""
        articles, questions = [], []
        for gold in news_articles(corpus, held_out=True):
            articles.append(Article(gold.id, "0", "", gold.text))
            spans = sentence_spans(gold.id, gold.text)
            for one in gold.questions:
                answering = sorted({containing(spans, start) for start in one.sentence_starts})
                answers = tuple(spans[number] for number in answering)
                questions.append(Asked(one.text, gold.id, answers, bool(answers)))
        return cls("news_held_out", tuple(articles), tuple(questions))


def auroc(positive: Sequence[float] | NDArray[np.float64], negative: Sequence[float] | NDArray[np.float64]) -> float:
    """The chance that a positive stands above a negative; not a number where there are none of either."""
    if not len(positive) or not len(negative):
        return float("nan")
    differences = np.asarray(positive)[:, None] - np.asarray(negative)[None, :]
    return float((np.sign(differences) / 2 + 0.5).mean())
