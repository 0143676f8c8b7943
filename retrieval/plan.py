"""The windows that a question's hits are read in, best hit first.

Knows how hits become token ids; knows nothing of what the reader says of them.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from retrieval.batching import Remembered
from retrieval.encoder import tokenizer
from retrieval.reader import SENTENCE, WINDOW, Batch, Tokens, Window, reach
from retrieval.schema import Hit, Sentence

# Tokens read for a question, at most. On news_dev and squad2_dev 450 put no more questions right (2026-11-22).
MAX_TOKENS = 300
KEPT_SENTENCES = 50_000
PROBE = (
    "Who said on Tuesday that no one wants peace more than Ukraine?",
    "A council in the north of England voted by 31 to 4 on Tuesday to close its last coal-fired power station.",
    "“No one wants peace more than Ukraine,” Zelensky (47) said, hours after the call with Mr. Trump ended.",
)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A sentence's token ids and their places in its text, (tokens,) and (tokens, 2)."""

    ids: NDArray[np.uint16]
    places: NDArray[np.uint16]


class Sentences(Remembered[Sentence, Encoded]):
    """Sentences → their tokens, those of the last KEPT_SENTENCES kept."""

    def __init__(self) -> None:
        super().__init__(
            lambda sentences: encode([one.text for one in sentences]),
            key=lambda one: (one.article.id, one.article.version, one.number),
            kept=KEPT_SENTENCES,
        )


def encode(texts: Sequence[str]) -> list[Encoded]:
    """Texts as the reader's tokens."""
    made = tokenizer()(list(texts), add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    return [
        Encoded(np.array(ids[:SENTENCE], dtype=np.uint16), np.array(places[:SENTENCE], dtype=np.uint16).reshape(-1, 2))
        for ids, places in zip(made["input_ids"], made["offset_mapping"], strict=True)
    ]


def probe() -> Batch:
    """A question over two sentences."""
    question, *sentences = [one.ids.tolist() for one in encode(PROBE)]
    return Batch.of([Window.build(question, dict(enumerate(sentences)), 0, len(sentences) - 1)])


class Plan:
    """The windows that one question's hits are read in, best hit first until MAX_TOKENS."""

    def __init__(self, question: str, hits: Sequence[Hit], sentences: Sentences) -> None:
        self.hits = hits
        self.windows: list[tuple[str, Window]] = []
        self.known: dict[str, dict[int, Sentence]] = {}
        self.encoded: dict[str, dict[int, Encoded]] = {}
        for hit in hits:
            own = self.known.setdefault(hit.sentence.article.id, {})
            own |= {one.number: one for one in (hit.before, hit.sentence, hit.after) if one is not None}
        everything = [sentence for own in self.known.values() for sentence in own.values()]
        for sentence, encoded in zip(everything, sentences(everything), strict=True):
            self.encoded.setdefault(sentence.article.id, {})[sentence.number] = encoded
        self.question = question
        self.asked = encode([question])[0]
        self._question: Tokens = self.asked.ids.tolist()
        self._ids = {article: {n: one.ids.tolist() for n, one in own.items()} for article, own in self.encoded.items()}
        self._lay()

    def around(self, article: str, number: int, covered: Container[int] = (), *, length: int = WINDOW) -> Window:
        """The window around a sentence, as far as `length` tokens and what is `covered` allow."""
        ids = self._ids[article]
        first, last = reach(self._question, ids, number, before_and_after(), covered, length=length)
        return Window.build(self._question, ids, first, last)

    def _lay(self) -> None:
        covered: dict[str, set[int]] = {article: set() for article in self._ids}
        total = 0
        for hit in self.hits:
            article, number = hit.sentence.article.id, hit.sentence.number
            if number in covered[article]:
                continue
            window = self.around(article, number, covered[article])
            total += len(window.ids)
            if self.windows and total > MAX_TOKENS:
                break
            covered[article].update(range(window.first, window.first + len(window.starts)))
            self.windows.append((article, window))


def before_and_after() -> Iterator[int]:
    """First the side before, then the one after, and so on."""
    return chain.from_iterable(repeat((-1, 1)))
