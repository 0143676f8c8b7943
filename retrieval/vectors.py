"""Nearest vectors by inner product: the only importer of faiss.

Rows are numbered from 0; a row range restricts a search to one article. Knows nothing of what a row stands for.
"""

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.embed import Vectors

# Exact search costs 6 ms for 100,000 rows on two cores. The graph is faster from 10,000 rows on (0.2 ms), but takes 5 s
# to build for 100,000, at every start, and finds .78 of the ten nearest (python -m tests.bench.scale, November 2026).
EXACT_ROWS = 100_000
HNSW_NEIGHBOURS = 32
HNSW_SEARCH_WIDTH = 128

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


class VectorIndex:
    """Search over `vectors` (n, d) float32, exactly up to EXACT_ROWS rows and through HNSW beyond.

    Rows that are `hidden`, (n,), are found only where a search is restricted to a range that holds them.
    """

    def __init__(
        self, vectors: Vectors, *, hidden: NDArray[np.bool_] | None = None, exact_rows: int = EXACT_ROWS
    ) -> None:
        count, dimension = len(vectors), max(1, vectors.shape[1])
        self._index = _exact(dimension) if count <= exact_rows else _navigable(dimension)
        self._vectors: Vectors = np.empty((0, dimension), dtype=np.float32)
        self._open = None if hidden is None or not hidden.any() else np.flatnonzero(~hidden)
        self._parameters = None if self._open is None else _only(self._open, self._index)
        if count:
            self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))
            self._vectors = _held(self._index, count, dimension)

    def __len__(self) -> int:
        return len(self._vectors)

    def search(self, query: Vectors, k: int, *, rows: range | None = None) -> Rows:
        """The rows of the `k` largest inner products with `query` (d,), best first; fewer where there are fewer."""
        start, stop = (rows.start, rows.stop) if rows is not None else (0, len(self))
        if stop <= start:
            return np.empty(0, dtype=np.int64)
        if stop - start <= k:
            return np.arange(start, stop, dtype=np.int64) if rows is not None or self._open is None else self._open
        if rows is not None:  # one article: fewer products than a filtered search makes
            products = self._vectors[start:stop] @ query
            return start + np.argsort(-products, kind="stable")[:k].astype(np.int64)
        _, found = self._index.search(query[None, :], k, params=self._parameters)
        return np.asarray(found[0][found[0] >= 0], dtype=np.int64)

    def products(self, query: Vectors, rows: Rows) -> Scores:
        """The inner products (len(rows),) of `query` with those rows."""
        return np.asarray(self._vectors[rows] @ query, dtype=np.float32)


def _only(rows: Rows, index: faiss.Index) -> Any:  # noqa: ANN401 - faiss's wrappers have no types
    """The parameters of a search among some rows only."""
    library: Any = faiss  # its types know no selectors
    chosen = library.IDSelectorBatch(rows)
    if isinstance(index, faiss.IndexHNSW):
        return library.SearchParametersHNSW(sel=chosen, efSearch=HNSW_SEARCH_WIDTH)
    return library.SearchParameters(sel=chosen)


def _held(index: Any, count: int, dimension: int) -> Vectors:  # noqa: ANN401 - faiss's wrappers have no types
    """A view of the vectors (count, dimension) that an index keeps, so that there is one copy."""
    storage: Any = faiss.downcast_index(index.storage) if hasattr(index, "storage") else index
    held: Vectors = faiss.rev_swig_ptr(storage.get_xb(), count * dimension).reshape(count, dimension)
    return held


def _exact(dimension: int) -> faiss.Index:
    return faiss.IndexFlatIP(dimension)


def _navigable(dimension: int) -> faiss.Index:
    """A small-world graph (Malkov & Yashunin 2018)."""
    index = faiss.IndexHNSWFlat(dimension, HNSW_NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efSearch = HNSW_SEARCH_WIDTH
    return index
