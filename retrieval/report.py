"""What a change to the archive did, or would do.

Knows nothing of how it is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.edits import Edit, edit_between
from retrieval.records import Record


@dataclass(frozen=True, slots=True)
class Report:
    """What a change did: ids of articles, and for each source that failed a sentence saying why.

    `edits` say what changed in each of `changed`, in the same order. `staged` says that it waits for publication.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    unchanged: int = 0
    seconds: float = 0.0
    edits: tuple[Edit, ...] = ()
    staged: bool = False

    @property
    def touches(self) -> int:
        """How many articles it changes."""
        return len(self.added) + len(self.changed) + len(self.removed)


def report_between(before: Mapping[str, Record], after: Mapping[str, Record]) -> Report:
    """What leads from the one to the other."""
    changed = sorted(key for key in before.keys() & after.keys() if before[key].article != after[key].article)
    return Report(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(changed),
        removed=tuple(sorted(before.keys() - after.keys())),
        edits=tuple(edit_of(before[key], after[key]) for key in changed),
    )


def edit_of(before: Record, after: Record) -> Edit:
    """What changed from the one version to the other."""
    return edit_between(before.sentences, after.sentences, before.article, after.article)
