"""What became of a cited sentence: whether the article still says it, and what stands there now.

Knows nothing of how answers are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.edits import most_alike
from retrieval.records import Record
from retrieval.schema import Citation, Sentence

if TYPE_CHECKING:
    from retrieval.entries import Asked
    from retrieval.journal import Journal


@dataclass(frozen=True, slots=True)
class Outdated:
    """An answer that rests on a sentence that has changed: to `present`, or to nothing where it has vanished."""

    asked: "Asked"
    citation: Citation
    present: Sentence | None


def outdated(journal: "Journal", live: Mapping[str, Record]) -> tuple[Outdated, ...]:
    """The answers whose cited sentences have changed or vanished, in the order they were asked."""
    changed = [(key, one) for key, one in journal.citing_old_versions() if has_changed(one, live)]
    entries = {entry.key: entry for entry in journal.entries(keys={key for key, _ in changed})}
    found = [Outdated(entries[key], one, present_sentence(one, live)) for key, one in changed if key in entries]
    return tuple(sorted(found, key=lambda one: one.asked.at))


def has_changed(citation: Citation, live: Mapping[str, Record]) -> bool:
    """Whether what was cited stands nowhere, word for word, in the live article."""
    record = live.get(citation.article.id)
    return record is None or citation.text not in record.article.text


def present_sentence(citation: Citation, live: Mapping[str, Record]) -> Sentence | None:
    """The live article's sentence that is most like what was cited; None where none is like it."""
    record = live.get(citation.article.id)
    return most_alike(citation.text, record.sentences) if record else None
