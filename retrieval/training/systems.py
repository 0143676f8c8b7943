"""What can be put the questions of a set: each part of the product alone, several together, and the whole.

All are made of the product's own parts, and differ in which of them take part. Without context each sentence is an
article of its own, so that no part has neighbours to look at. Knows nothing of what is right.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from retrieval.archive import Archive
from retrieval.config import Config
from retrieval.embed import EmbedsTexts, Vectors
from retrieval.indexing import ReadsStatements
from retrieval.passages import window_vectors
from retrieval.rank import CANDIDATES, Ranker, ScoreRanker, load_ranker
from retrieval.retrieve import Retriever, combine
from retrieval.schema import Answer, Article, Citation, Sentence
from retrieval.sentences import split
from retrieval.training.question_sets import Place
from retrieval.vectors import Rows

SHIPPED = "article-bot, the whole"


@dataclass(frozen=True, slots=True)
class Said:
    """What a system says to a question.

    `places` are its sentences, best first. `sure` is higher where it is surer that the first of them answers, a
    probability where `declines` says that it can keep silent. `cited` is what it answers with, None where it declines.
    """

    places: tuple[Place, ...]
    sure: float
    declines: bool = False
    cited: Place | None = None

    @property
    def first(self) -> Place | None:
        """What it answers with or, where it declines, would have answered with."""
        return self.cited or next(iter(self.places), None)


Ask = Callable[[str, str | None], Said]
"""Puts a question to all articles, or to the one of an id."""


@dataclass(frozen=True, slots=True)
class System:
    """Something to ask; `context` says whether it looks at a sentence's neighbours."""

    name: str
    context: bool
    ask: Ask


@dataclass(frozen=True, slots=True)
class Index:
    """The product's indexes over some articles; `rows` are those of each article, `home` the article of each row."""

    retriever: Retriever
    rows: Mapping[str, range]
    home: Sequence[str]
    embedder: EmbedsTexts

    @classmethod
    def over(cls, articles: Sequence[Article], embedder: EmbedsTexts, *, context: bool = True) -> "Index":
        """Embed and index the articles' sentences; without context each as if nothing stood around it."""
        whole = [split(article) for article in articles]
        cut = whole if context else [[_alone(sentence)] for own in whole for sentence in own]
        parts = [embedder.embed([sentence.text for sentence in own]) for own in cut]
        vectors = np.concatenate([combine(own, window_vectors(own)) for own in parts])
        sentences = [sentence for own in cut for sentence in own]
        rows: dict[str, range] = {}
        home: list[str] = []
        for article, own in zip(articles, whole, strict=True):
            rows[article.id] = range(len(home), len(home) + len(own))
            home += [article.id] * len(own)
        return cls(Retriever.over(sentences, vectors), rows, home, embedder)

    def within(self, article: str | None) -> range | None:
        """The rows of an article, None for all."""
        return None if article is None else self.rows[article]

    def vector(self, text: str) -> Vectors:
        """A question's unit vector, (d,)."""
        return np.asarray(self.embedder.embed([text])[0])

    def places(self, rows: Rows) -> tuple[Place, ...]:
        """Where the sentences of rows stand."""
        found = ((self.home[row], self.retriever.sentences[row]) for row in rows.tolist())
        return tuple((home, sentence.start, sentence.end) for home, sentence in found)


def by_vectors(index: Index) -> Ask:
    """The nearest vectors alone."""

    def ask(text: str, article: str | None) -> Said:
        vector, own = index.vector(text), index.retriever.vectors
        rows = own.search(vector, CANDIDATES, rows=index.within(article))
        return Said(index.places(rows), float(own.products(vector, rows).max(initial=0.0)))

    return ask


def by_bm25(index: Index) -> Ask:
    """BM25 alone."""

    def ask(text: str, article: str | None) -> Said:
        within = index.within(article) or range(len(index.home))
        scores = index.retriever.bm25(text)[within.start : within.stop]
        rows = within.start + np.argsort(-scores, kind="stable")[:CANDIDATES]
        return Said(index.places(rows), float(scores.max(initial=0.0)))

    return ask


def by_rank(index: Index, ranker: Ranker, threshold: float) -> Ask:
    """Vectors and BM25 fused, then a ranker."""
    at = {(one.article.id, one.number): row for row, one in enumerate(index.retriever.sentences)}

    def ask(text: str, article: str | None) -> Said:
        rows = index.within(article)
        hits = index.retriever.retrieve(text, index.vector(text), limit=ranker.candidates, rows=rows)
        ranked = ranker.rank([(text, hits)])[0]
        places = index.places(np.array([at[one.sentence.article.id, one.sentence.number] for one in ranked], dtype=int))
        sure = ranked[0].probability if ranked else 0.0
        return Said(places, sure, declines=True, cited=places[0] if places and sure >= threshold else None)

    return ask


def by_archive(archive: Archive) -> Ask:
    """All that the product does, as a user meets it."""

    def ask(text: str, article: str | None) -> Said:
        answer = archive.ask(text, article=article)
        return Said(_ranked(answer), answer.probability, declines=True, cited=_cited(answer))

    return ask


@contextmanager
def systems(
    articles: Sequence[Article], *, embedder: EmbedsTexts, reader: ReadsStatements | None, ranker: str
) -> Iterator[list[System]]:
    """Every system over some articles, those with a part alone first and the whole last.

    Args:
        articles: What is asked.
        embedder: The model of all vectors.
        reader: What finds statements, in place of the bundled reader.
        ranker: As in config.yaml.
    """
    found: list[System] = []
    ranks = load_ranker(ranker)
    threshold = Config().threshold
    indexes = {context: Index.over(articles, embedder, context=context) for context in (False, True)}
    for name, make in (
        ("BM25", by_bm25),
        ("vectors", by_vectors),
        ("fused", lambda index: by_rank(index, ScoreRanker(), threshold)),
        ("fused, reranked", lambda index: by_rank(index, ranks, threshold)),
    ):
        found += [System(name, context, make(index)) for context, index in indexes.items()]
    with TemporaryDirectory() as work, _archive(Path(work), articles, embedder, reader, ranker) as archive:
        yield [*found, System(SHIPPED, context=True, ask=by_archive(archive))]


@contextmanager
def _archive(
    folder: Path, articles: Sequence[Article], embedder: EmbedsTexts, reader: ReadsStatements | None, ranker: str
) -> Iterator[Archive]:
    (folder / "articles").mkdir()
    for article in articles:
        (folder / "articles" / f"{article.id}.txt").write_text(article.text, encoding="utf-8", newline="")
    archive = Archive.open(Config(folder=folder, ranker=ranker), embedder=embedder, reader=reader)
    archive.reload()
    try:
        yield archive
    finally:
        archive.close()


def _alone(sentence: Sentence) -> Sentence:
    """The sentence, the only one of an article of its own."""
    article = replace(sentence.article, id=f"{sentence.article.id} {sentence.number}")
    return replace(sentence, article=article, number=0)


def _ranked(answer: Answer) -> tuple[Place, ...]:
    return tuple(_place(one.sentence) for one in answer.ranked)


def _cited(answer: Answer) -> Place | None:
    return _place(answer.citations[0]) if answer.found and answer.citations else None


def _place(one: Sentence | Citation) -> Place:
    return one.article.id, one.start, one.end
