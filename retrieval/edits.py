"""Two versions of an article → what changed between them, sentence by sentence.

Everything that has a text is a view into one of the versions. Knows nothing of how versions are kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from rapidfuzz import fuzz, process

from retrieval.schema import Article, Sentence

FIELDS = ("title", "url", "source", "author", "published", "language")
# A sentence with so much of another's text, of 100, is that sentence changed; the same bound for what became of a cited
# sentence.
SAME = 60


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence as it was and as it is; None on the side where there is none."""

    before: Sentence | None
    after: Sentence | None


@dataclass(frozen=True, slots=True)
class Edit:
    """What changed in an article: the fields by name, and the sentences in their order."""

    before: Article = field(repr=False)
    after: Article = field(repr=False)
    fields: tuple[str, ...]
    sentences: tuple[SentenceChange, ...]


def edit_between(before: Sequence[Sentence], after: Sequence[Sentence], was: Article, now: Article) -> Edit:
    """What changed from the one version, with its sentences, to the other."""
    fields = tuple(name for name in FIELDS if getattr(was, name) != getattr(now, name))
    return Edit(was, now, fields, tuple(_changes(before, after)))


def most_alike(text: str, sentences: Sequence[Sentence]) -> Sentence | None:
    """The sentence that is most like a text; None where none is like it."""
    found = process.extractOne(text, [one.text for one in sentences], scorer=fuzz.ratio, score_cutoff=SAME)
    return sentences[found[2]] if found else None


def _changes(before: Sequence[Sentence], after: Sequence[Sentence]) -> Iterator[SentenceChange]:
    matcher = SequenceMatcher(None, [one.text for one in before], [one.text for one in after], autojunk=False)
    for kind, first, last, start, stop in matcher.get_opcodes():
        if kind != "equal":
            yield from _paired(before[first:last], after[start:stop])


def _paired(before: Sequence[Sentence], after: Sequence[Sentence]) -> Iterator[SentenceChange]:
    """Sentences that replaced others, each beside the one that it most likely was; order is kept."""
    left = list(before)
    for new in after:
        old = most_alike(new.text, left)
        place = left.index(old) if old is not None else 0
        yield from (SentenceChange(one, None) for one in left[:place])
        left = left[place + 1 :] if old is not None else left
        yield SentenceChange(old, new)
    yield from (SentenceChange(one, None) for one in left)
