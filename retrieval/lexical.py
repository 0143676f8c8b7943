"""BM25 over stemmed words (Robertson & Zaragoza 2009), for the words that embeddings blur: names, numbers.

Knows nothing of vectors. The stemmer is Snowball's for the language given, English where it has none.
"""

from collections.abc import Sequence

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

Scores = NDArray[np.float32]
WORD = r"(?u)\b\w+\b"
SNOWBALL = {
    "ar": "arabic",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "ru": "russian",
}
STOPWORDS = {"de": "de", "en": "en", "es": "es", "fr": "fr", "it": "it", "ru": "ru"}


class LexicalIndex:
    """BM25 scores of any query against `texts`, one row each."""

    def __init__(self, texts: Sequence[str], *, language: str = "en") -> None:
        self._rows = len(texts)
        self._stemmer = Stemmer.Stemmer(SNOWBALL.get(language, "english"))
        self._stopwords: str | list[str] = STOPWORDS.get(language, [])
        self._index = bm25s.BM25()
        tokens = self._tokens(texts)
        self._empty = not any(tokens)
        if not self._empty:
            self._index.index(tokens, show_progress=False)

    def scores(self, query: str) -> Scores:
        """BM25 (rows,) of every row for the query; 0 where no word is shared."""
        known = [] if self._empty else [token for token in self._tokens([query])[0] if token in self._index.vocab_dict]
        if not known:
            return np.zeros(self._rows, dtype=np.float32)
        return np.asarray(self._index.get_scores(known), dtype=np.float32)

    def stems(self, text: str) -> frozenset[str]:
        """The stems of a text's words, without those that carry no meaning."""
        return frozenset(self._tokens([text])[0])

    def _tokens(self, texts: Sequence[str]) -> list[list[str]]:
        found: list[list[str]] = bm25s.tokenize(
            list(texts),
            token_pattern=WORD,
            stopwords=self._stopwords,
            stemmer=self._stemmer,
            return_ids=False,
            show_progress=False,
        )
        return found
