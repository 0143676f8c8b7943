"""Mentions → entities: the people and bodies of an article, each with all its mentions.

"Defense Secretary Pete Hegseth", "Mr. Hegseth" and "Hegseth" are one entity with a title; two people of one surname
stay two. Knows nothing of statements, pronouns or other articles.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from retrieval.lexicon import BODIES, FEMALE, GEOGRAPHY, HONORIFICS, MALE, SUFFIXES, Gender
from retrieval.names import Mention, bare

Kind = Literal["person", "organisation", "unknown"]
Judge = Callable[[str], tuple[float, float, float]]


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody or some body of an article, with all its mentions in order."""

    name: tuple[str, ...]
    kind: Kind
    gender: Gender | None = None
    woman: float = 0.5
    titles: list[str] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    @property
    def full(self) -> str:
        """The fullest name found."""
        return " ".join(self.name)

    @property
    def surname(self) -> str:
        """The last word of the name, suffixes aside."""
        kept = [word for word in self.name if word.lower() not in SUFFIXES] or list(self.name)
        return kept[-1]


def gather(mentions: Sequence[Mention], judge: Judge) -> list[Entity]:
    """Entities of an article from its mentions, longest names first so that a surname finds its owner.

    `judge` gives the probabilities that a word is a man's, a woman's, or no given name.
    """
    entities: list[Entity] = []
    by_word: dict[str, list[Entity]] = {}
    for mention in sorted(mentions, key=lambda mention: (-len(mention.name), mention.start)):
        owner = _owner(mention, by_word)
        if owner is None:
            owner = Entity(mention.name, _kind(mention))
            entities.append(owner)
            for word in mention.name:
                by_word.setdefault(word.lower(), []).append(owner)
        mention.entity = owner
        owner.mentions.append(mention)
    for entity in entities:
        entity.mentions.sort(key=lambda mention: mention.start)
        _describe(entity, judge)
    return sorted(entities, key=lambda entity: entity.mentions[0].start)


def _owner(mention: Mention, by_word: dict[str, list[Entity]]) -> Entity | None:
    """The entity that a mention names: the same words, a surname, or (for bodies) the first word or the initials."""
    rivals = [entity for entity in by_word.get(mention.name[-1].lower(), []) if _may_be(mention, entity)]
    if not rivals and len(mention.name) == 1:
        rivals = [
            e
            for e in by_word.get(mention.name[0].lower(), [])
            if e.name[0].lower() == mention.name[0].lower() and not mention.title
        ]
    if len(rivals) < 2:  # noqa: PLR2004
        return rivals[0] if rivals else None
    gender = _title_gender(mention.title)
    fitting = [entity for entity in rivals if not gender or _gender_of_titles(entity) in (None, gender)] or rivals
    before = [entity for entity in fitting if entity.mentions[0].start < mention.start] or fitting
    return max(before, key=lambda entity: _latest(entity, mention.start))


def _latest(entity: Entity, position: int) -> int:
    """The last mention gathered, or less than any when it stands after the position."""
    last = entity.mentions[-1].start
    return last if last < position else -last


def _may_be(mention: Mention, entity: Entity) -> bool:
    short, full = [word.lower() for word in mention.name], [word.lower() for word in entity.name]
    if short == full:
        return True
    if len(short) == 1:
        return entity.surname.lower() == short[0] and (entity.kind != "organisation" or len(full) == 1)
    first, other = short[0].rstrip("."), full[0].rstrip(".")
    same_first = (
        first == other
        or (1 in (len(first), len(other)) and first[0] == other[0])
        or other.startswith(first)
        or first.startswith(other)
    )
    return same_first and short[-1] == full[-1]


def _kind(mention: Mention) -> Kind:
    lowered = {bare(word) for word in mention.name}
    if mention.title:
        return "person"
    if lowered & BODIES or (len(mention.name) == 1 and mention.name[0].isupper() and len(mention.name[0]) > 1):
        return "organisation"
    return "unknown"


def _describe(entity: Entity, judge: Judge) -> None:
    """Settle title, kind and gender from all mentions; `woman` also from the given name."""
    for mention in entity.mentions:
        if mention.title and mention.title not in entity.titles:
            entity.titles.append(mention.title)
    if entity.titles:
        entity.kind = "person"
    entity.gender = _gender_of_titles(entity)
    man, woman, neither = judge(entity.name[0])
    known = {bare(word) for word in entity.name} & GEOGRAPHY
    if entity.kind == "unknown" and not known and 2 <= len(entity.name) <= 4 and neither < 0.7:  # noqa: PLR2004
        entity.kind = "person"
    if entity.gender:
        entity.woman = float(entity.gender == "she")
    elif entity.kind == "person" and len(entity.name) > 1:
        entity.woman = (woman + 0.1) / (man + woman + 0.2)


def _gender_of_titles(entity: Entity) -> Gender | None:
    for mention in entity.mentions:
        if gender := _title_gender(mention.title):
            return gender
    return None


def _title_gender(title: str | None) -> Gender | None:
    for word in (title or "").split():
        base = bare(word)
        if HONORIFICS.get(base):
            return HONORIFICS[base]
        if base in FEMALE:
            return "she"
        if base in MALE:
            return "he"
    return None
