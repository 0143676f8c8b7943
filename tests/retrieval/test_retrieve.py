"""Vectors and words, alone and fused."""

import numpy as np
import pytest

from retrieval.lexical import LexicalIndex
from retrieval.retrieve import Retriever, combine
from retrieval.schema import Article
from retrieval.sentences import split
from retrieval.vectors import VectorIndex
from tests.conftest import HashingEmbedder

RANDOM = np.random.default_rng(7)


def unit(count: int, dimension: int = 32) -> np.ndarray:
    vectors = RANDOM.normal(size=(count, dimension)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def test_exact_search_finds_the_largest_products() -> None:
    """Best first, as numpy would."""
    vectors, query = unit(500), unit(1)[0]
    expected = np.argsort(-(vectors @ query))[:10]
    assert VectorIndex(vectors).search(query, 10).tolist() == expected.tolist()


def test_the_graph_finds_nearly_the_same() -> None:
    """Past the measured size an approximate index takes over."""
    vectors, query = unit(2000), unit(1)[0]
    exact = set(VectorIndex(vectors).search(query, 10).tolist())
    assert len(exact & set(VectorIndex(vectors, exact_rows=100).search(query, 10).tolist())) >= 8


@pytest.mark.parametrize("exact_rows", [0, 10_000])
def test_a_row_range_is_never_left(exact_rows: int) -> None:
    """One article's rows only, whichever index."""
    index = VectorIndex(unit(300), exact_rows=exact_rows)
    assert set(index.search(unit(1)[0], 5, rows=range(100, 120)).tolist()) <= set(range(100, 120))
    assert index.search(unit(1)[0], 50, rows=range(100, 103)).tolist() == [100, 101, 102]
    assert len(index.search(unit(1)[0], 5, rows=range(0))) == 0


def test_an_empty_index_finds_nothing() -> None:
    """Neither raises."""
    assert len(VectorIndex(np.empty((0, 8), dtype=np.float32)).search(unit(1, 8)[0], 5)) == 0
    assert LexicalIndex([]).scores("word").tolist() == []


def test_bm25_stems_and_passes_over_unknown_words() -> None:
    """“bridges” finds “bridge”; words of no text score nothing."""
    index = LexicalIndex(["The bridge is shut.", "The ferry sails.", "…"])
    assert index.scores("bridges").argmax() == 0
    assert index.scores("zeppelin").tolist() == [0, 0, 0]
    assert LexicalIndex(["…", "!"]).scores("bridge").tolist() == [0, 0]


@pytest.mark.parametrize("language", ["de", "ru", "xx"])
def test_bm25_of_other_languages(language: str) -> None:
    """Each by its own stemmer, an unknown one by English rules."""
    index = LexicalIndex(["Die Brücken sind gesperrt.", "Мосты закрыты."], language=language)
    assert index.scores("Brücken").argmax() == 0
    assert index.scores("Мосты").argmax() == 1


def test_fusion_finds_what_either_finds() -> None:
    """A rare number by its word, a likeness by its vector; neighbours are of the same article."""
    texts = ["The bridge is shut. It cost 31 million. Nobody came.", "A ferry sails. It is late."]
    sentences = [one for key, text in zip("ab", texts, strict=True) for one in split(Article(key, "v", key, text))]
    embedder = HashingEmbedder()
    vectors = embedder.embed([one.text for one in sentences])
    retriever = Retriever.over(sentences, combine(vectors, vectors))
    hits = retriever.retrieve("31 million", embedder.embed(["31 million"])[0], limit=3)
    assert hits[0].sentence.text == "It cost 31 million."
    assert (hits[0].before, hits[0].after) == (sentences[0], sentences[2])
    last = next(hit for hit in retriever.retrieve("nobody came", vectors[2], limit=5) if hit.sentence == sentences[2])
    assert last.after is None
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert retriever.retrieve("x", vectors[0], limit=3, rows=range(3, 5))[0].sentence.article.id == "b"
    rows = np.array([3, 4], dtype=np.int64)
    assert {hit.sentence.article.id for hit in retriever.score("bridge", vectors[0], rows, limit=5)} == {"b"}
