"""Texts → sketches that tell how much they have in common (MinHash, Broder 1997), without the texts.

Knows nothing of articles.
"""

import re

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 128
SHINGLE_WORDS = 5
# In runs of so many numbers, sketches of texts that share half of their shingles are alike in one of 42 with .996.
BAND = 3
WORD = re.compile(r"\w+")

Sketch = NDArray[np.uint32]


def sketch(text: str) -> Sketch:
    """The sketch, (PERMUTATIONS,), of a text's runs of five words; case and punctuation do not count."""
    from datasketch import MinHash  # takes a second to load, and only what is new needs it

    words = WORD.findall(text.casefold())
    shingles = {" ".join(words[i : i + SHINGLE_WORDS]) for i in range(max(1, len(words) - SHINGLE_WORDS + 1))}
    made = MinHash(num_perm=PERMUTATIONS)
    made.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in sorted(shingles)])
    return np.asarray(made.hashvalues, dtype=np.uint32)


def bands(made: Sketch) -> list[bytes]:
    """The runs of a sketch: two that have none in common, place by place, share little."""
    kept, width = made.tobytes(), BAND * made.itemsize
    return [kept[start : start + width] for start in range(0, len(kept) - width + 1, width)]


def shared(one: Sketch, others: Sketch) -> NDArray[np.float64]:
    """About how much of its shingles a text shares with each of others, (n, PERMUTATIONS): 0 to 1, ± .04."""
    return np.asarray(np.mean(others == one, axis=1))
