"""A question's words and vector → Hits: nearest vectors and BM25, fused.

Takes its indexes as arguments; knows nothing of how they were made, nor of ranking.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.embed import Vectors
from retrieval.lexical import LexicalIndex, Scores
from retrieval.schema import Hit, Sentence
from retrieval.vectors import Rows, VectorIndex

# Weight of the vectors in the fused score; the rest is BM25's. This and the two below are the best together on news_dev
# and squad2_dev, of 48 settings from .5 to .8, 0 to .35 and .3 to .7.
VECTOR_WEIGHT = 0.65
# A sentence's BM25 takes in so much of each neighbour's.
NEIGHBOUR_WEIGHT = 0.15
# What a sentence is found by is its own vector and, so much, that of the window around it.
WINDOW_WEIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Retriever:
    """Sentences with the two indexes over them: row i of each stands for `sentences[i]`.

    `opening[i]` says that it is its article's first, `hidden[i]` that only a question to its article alone finds it.
    """

    sentences: Sequence[Sentence]
    vectors: VectorIndex
    lexical: LexicalIndex
    opening: NDArray[np.bool_]
    hidden: NDArray[np.bool_]

    @classmethod
    def over(
        cls, sentences: Sequence[Sentence], vectors: Vectors, *, hides: Callable[[Sentence], bool] = lambda _: False
    ) -> "Retriever":
        """Build the indexes over sentences and their combined vectors, (len(sentences), d).

        `hides` says which sentences are only found where their article alone is asked.
        """
        languages = Counter(sentence.article.language.split("-")[0] for sentence in sentences)
        language = languages.most_common(1)[0][0] if languages else "en"
        lexical = LexicalIndex([sentence.text for sentence in sentences], language=language)
        opening = np.array([sentence.number == 0 for sentence in sentences], dtype=bool)
        hidden = np.array([hides(sentence) for sentence in sentences], dtype=bool)
        return cls(sentences, VectorIndex(vectors, hidden=hidden), lexical, opening, hidden)

    def retrieve(self, text: str, vector: Vectors, *, limit: int, rows: range | None = None) -> list[Hit]:
        """The `limit` best sentences for a question, best first.

        Args:
            text: The question's words, for BM25.
            vector: The question's unit vector, (d,).
            limit: How many hits at the most.
            rows: Only these rows, the sentences of one article.
        """
        within = rows if rows is not None else range(len(self.sentences))
        if not within:
            return []
        bm25 = self.bm25(text)
        if rows is None:
            bm25[self.hidden] = 0
        found = np.union1d(self.vectors.search(vector, 2 * limit, rows=rows), _best(bm25, within, 2 * limit))
        return self._fused(found, vector, bm25, float(bm25[within.start : within.stop].max()), limit)

    def score(self, text: str, vector: Vectors, rows: Rows, *, limit: int) -> list[Hit]:
        """The `limit` best of the sentences in `rows`, best first."""
        if not len(rows):
            return []
        bm25 = self.bm25(text)
        return self._fused(rows, vector, bm25, float(bm25[rows].max()), limit)

    def _fused(self, rows: Rows, vector: Vectors, bm25: Scores, highest: float, limit: int) -> list[Hit]:
        cosine = self.vectors.products(vector, rows)
        fused = VECTOR_WEIGHT * cosine + (1 - VECTOR_WEIGHT) * bm25[rows] / max(highest, 1e-9)
        order = np.lexsort((rows, -fused))[:limit]
        return [
            Hit(self.sentences[row], float(fused[i]), float(cosine[i]), float(bm25[row]), *self.neighbours(row))
            for i, row in ((i, int(rows[i])) for i in order)
        ]

    def bm25(self, text: str) -> Scores:
        """BM25 of every sentence for a question's words, with a share of the neighbours', within each article."""
        bm25 = self.lexical.scores(text)
        spread = bm25.copy()
        spread[1:] += NEIGHBOUR_WEIGHT * np.where(self.opening[1:], 0, bm25[:-1])
        spread[:-1] += NEIGHBOUR_WEIGHT * np.where(self.opening[1:], 0, bm25[1:])
        return spread

    def neighbours(self, row: int) -> tuple[Sentence | None, Sentence | None]:
        """The sentences before and after that of a row, in the same article."""
        number, article = self.sentences[row].number, self.sentences[row].article
        before = self.sentences[row - 1] if number else None
        after = self.sentences[row + 1] if row + 1 < len(self.sentences) else None
        return before, after if after is not None and after.article is article else None


def combine(sentence_vectors: Vectors, window_vectors: Vectors) -> Vectors:
    """What the vector index holds, (n, d): a sum whose product with a query is the weighted sum of both cosines."""
    return np.asarray((1 - WINDOW_WEIGHT) * sentence_vectors + WINDOW_WEIGHT * window_vectors, dtype=np.float32)


def _best(scores: Scores, within: range, count: int) -> Rows:
    inside = scores[within.start : within.stop]
    count = min(count, len(inside))
    rows = np.argpartition(-inside, count - 1)[:count]
    return np.asarray(within.start + rows[inside[rows] > 0], dtype=np.int64)
