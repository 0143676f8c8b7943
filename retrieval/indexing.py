"""Articles → Records: sentences cut, embedded and read for statements, in batches over many articles.

Knows nothing of where articles come from or how records are kept.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval import encoder, sentences
from retrieval.embed import EmbedsTexts
from retrieval.found import Found
from retrieval.records import Record
from retrieval.schema import Article, Sentence, Statement
from retrieval.sketch import sketch

if TYPE_CHECKING:
    from retrieval.statements import StatementReader

# How many sentences are embedded at a time before their articles are kept.
CHUNK_SENTENCES = 2000

Item = TypeVar("Item")
Vector = NDArray[np.float32]


class ReadsStatements(Protocol):
    """Whatever finds who said what; statements of readers with different identities are never mixed."""

    @property
    def identity(self) -> str:
        """What tells this reader's statements from another's."""

    def read(self, articles: Sequence[tuple[Article, Sequence[Sentence]]]) -> Sequence[tuple[Statement, ...]]:
        """The statements of each article."""


class BundledStatements:
    """The statement reader that the package ships, loaded when there is something to read."""

    @cached_property
    def identity(self) -> str:
        """The weights' hash and this release, whose rules link what the weights find."""
        weights = encoder.expected_digest(encoder.MODELS / "quotes" / "weights.safetensors")
        return f"{version('article-bot')}:{weights[:16]}"

    def read(self, articles: Sequence[tuple[Article, Sequence[Sentence]]]) -> Sequence[tuple[Statement, ...]]:
        """The statements of each article."""
        return self._reader.read(articles)

    @cached_property
    def _reader(self) -> "StatementReader":
        from retrieval.statements import StatementReader

        return StatementReader.load()


class Indexer:
    """Makes records, and makes records anew that another model or reader made.

    Args:
        embedder: What embeds sentences.
        reader: What finds statements.
    """

    def __init__(self, embedder: EmbedsTexts, reader: ReadsStatements) -> None:
        self._embedder = embedder
        self._reader = reader

    def is_stale(self, record: Record) -> bool:
        """Whether another model or reader made the record, or a release that made no sketches."""
        made = (record.model, record.reader) == (self._embedder.identity, self._reader.identity)
        return not made or record.sketch is None

    def index(self, found: Sequence[Found], kept: Mapping[str, Record], *, configured: bool) -> Iterator[Record]:
        """A record of each article, in their order; what `kept` holds already is not made again."""
        yield from self.renew([self.cut(one, kept.get(one.article.id), configured=configured) for one in found], kept)

    @staticmethod
    def cut(found: Found, kept: Record | None = None, *, configured: bool = True) -> Record:
        """A record of the article's sentences, without vectors; with its statements where the very article was read.

        Statements hold views of the article that they were read from, so that one stays.
        """
        same = kept if kept is not None and kept.article == found.article else None
        return Record(
            article=same.article if same else found.article,
            sentences=same.sentences if same else sentences.split(found.article),
            page_hash=found.page_hash,
            origin=found.origin,
            configured=configured,
            model="",
            vectors=np.empty((0, 1), dtype=np.float32),
            reader=same.reader if same else "",
            statements=same.statements if same else (),
            sketch=same.sketch if same else None,
        )

    def renew(self, records: Sequence[Record], kept: Mapping[str, Record]) -> Iterator[Record]:
        """The records with vectors and statements of this model and this reader."""
        for chunk in _chunks(records, size=lambda record: len(record.sentences)):
            yield from self._read(self._embedded(chunk, kept))

    def _embedded(self, records: Sequence[Record], kept: Mapping[str, Record]) -> list[Record]:
        """All texts embedded together; those that were embedded before are not again."""
        identity = self._embedder.identity
        texts = [sentence.text for record in records for sentence in record.sentences]
        known: dict[str, Vector] = {}
        for record in records:
            old = kept.get(record.article.id)
            if old is not None and old.model == identity:
                known.update(zip((sentence.text for sentence in old.sentences), old.vectors, strict=True))
        unknown = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(unknown, self._embedder.embed(unknown) if unknown else (), strict=True))
        return [
            replace(record, model=identity, vectors=np.stack([known[sentence.text] for sentence in record.sentences]))
            for record in records
        ]

    def _read(self, records: Sequence[Record]) -> Iterator[Record]:
        identity = self._reader.identity
        unread = [record for record in records if record.reader != identity]
        found = self._reader.read([(record.article, record.sentences) for record in unread]) if unread else ()
        statements = {record.article.id: own for record, own in zip(unread, found, strict=True)}
        for record in records:
            own = statements.get(record.article.id, record.statements)
            drawn = sketch(record.article.text) if record.sketch is None else record.sketch
            yield replace(record, reader=identity, statements=tuple(own), sketch=drawn)


def _chunks(items: Iterable[Item], *, size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """Runs of items whose sizes add up to about CHUNK_SENTENCES."""
    chunk: list[Item] = []
    total = 0
    for item in items:
        chunk.append(item)
        total += size(item)
        if total >= CHUNK_SENTENCES:
            yield chunk
            chunk, total = [], 0
    if chunk:
        yield chunk
