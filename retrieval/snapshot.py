"""The archive at one moment: records and what is built from them, immutable.

Knows nothing of files, sources or models.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retrieval.before import Before
from retrieval.errors import QuestionError
from retrieval.ledger import Ledger
from retrieval.passages import window_vectors
from retrieval.records import Record
from retrieval.retrieve import Retriever, combine
from retrieval.schema import Article, Sentence
from retrieval.stories import Stories
from retrieval.suggest import Suggester


@dataclass(frozen=True)
class Snapshot:
    """Records by article id, in order of id. What is built from them is built when first asked for."""

    records: dict[str, Record]

    @cached_property
    def retriever(self) -> Retriever:
        """The indexes over all sentences, in the order of the records."""
        cut = [sentence for record in self.records.values() for sentence in record.sentences]
        combined = [combine(record.vectors, window_vectors(record.vectors)) for record in self.records.values()]
        rows = np.concatenate(combined) if combined else np.empty((0, 1), dtype=np.float32)
        return Retriever.over(cut, rows, hides=self.stories.hides)

    @cached_property
    def stories(self) -> Stories:
        """Which articles are copies of one another."""
        return Stories(self.records)

    @cached_property
    def ledger(self) -> Ledger:
        """Who said what in all articles, each statement of a story once."""
        every = (statement for record in self.records.values() for statement in record.statements)
        return Ledger(one for one in every if not all(map(self.stories.hides, one.sentences)))

    def ledger_of(self, article: Article) -> Ledger:
        """Who said what, for a question to one article: a copy of another has its statements to itself."""
        copied = self.stories.hidden.get(article.id)
        return Ledger(self.records[article.id].statements) if copied else self.ledger

    @cached_property
    def suggester(self) -> Suggester:
        """What suggests questions that these articles answer."""
        return Suggester(self.ledger.statements)

    @cached_property
    def rows(self) -> dict[str, range]:
        """The rows of the indexes that are each article's."""
        found: dict[str, range] = {}
        start = 0
        for key, record in self.records.items():
            found[key] = range(start, start + len(record.sentences))
            start += len(record.sentences)
        return found

    def rows_of(self, sentences: Sequence[Sentence]) -> list[int]:
        """The rows of those sentences."""
        return [self.rows[sentence.article.id].start + sentence.number for sentence in sentences]

    def article(self, key: str | None) -> Article | None:
        """The article of an id; None where none is asked for.

        Raises:
            QuestionError: There is none with that id.
        """
        if key is not None and key not in self.records:
            raise QuestionError(f"There is no article with the id “{key}”.")
        return self.records[key].article if key is not None else None

    def cited(self, before: Before) -> Article | None:
        """The article that an earlier turn cites first, while it is still what it was."""
        record = self.records.get(before.cited[0].article) if before.cited else None
        return record.article if record and record.article.version == before.cited[0].version else None

    def build(self) -> None:
        """Build all of it now, before anybody waits for it."""
        _ = self.retriever, self.ledger, self.rows
