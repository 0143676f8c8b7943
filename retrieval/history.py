"""What became of an article: its versions in the order they were live, with what changed.

Knows nothing of what is live now.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from retrieval.edits import Edit
from retrieval.records import Record
from retrieval.releases import Change
from retrieval.report import edit_of


@dataclass(frozen=True, slots=True)
class Version:
    """An article became live in a version, or was taken out where that is None; `at` is UTC.

    `edit` says what changed from the version before; None where there is nothing to compare or it is no longer kept.
    `kept` is whether it can be rolled back to.
    """

    release: int
    at: dt.datetime
    version: str | None
    edit: Edit | None
    kept: bool


def history(changes: Sequence[Change], kept: Callable[[str, str], Record | None]) -> tuple[Version, ...]:
    """The versions of an article from its changes, oldest first; one that was live twice is there twice.

    Args:
        changes: The changes of one article.
        kept: Gives the record of an article's version, None where it is no longer kept.
    """
    names = {(change.article, name) for change in changes for name in (change.version, change.before) if name}
    records = {name: record for article, name in names if (record := kept(article, name))}
    return tuple(
        Version(
            change.release,
            change.at,
            change.version,
            edit=_edit(records, change.before, change.version),
            kept=change.version in records,
        )
        for change in changes
    )


def _edit(records: dict[str, Record], before: str | None, after: str | None) -> Edit | None:
    if before is None or after is None or before not in records or after not in records:
        return None
    return edit_of(records[before], records[after])
