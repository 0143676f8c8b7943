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
    whole = len(made) - len(made) % BAND
    return [run.tobytes() for run in made[:whole].reshape(-1, BAND)]


def shared(one: Sketch, other: Sketch) -> float:
    """About how much of their shingles two texts share, 0 to 1, ± .04."""
    return float(np.mean(one == other))
