"""Sources → speakers within an article: who a name, a description or a pronoun beside a cue stands for.

A description ("the mayor") stands for the person it was given to in the article; what stays unresolved is shown as it
is written. Knows nothing of other articles.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise, takewhile

from retrieval.entities import Entity
from retrieval.lexicon import BODIES, FEMALE, MALE, OFFICES
from retrieval.names import POSSESSIVE, Mention, bare, overlapping
from retrieval.people import NOT_NAMED, slug
from retrieval.schema import Sentence, Span, Speaker, SpeakerKind

HEAD_END = re.compile(
    r"\b(?:of|for|in|at|from|with|on|to|by|against|who|that|which|whose|including|during|after|before|about|among|behind|near|inside|"
    r"outside|as|when|where|while|speaking)\b|[,(;:—–]",
    re.IGNORECASE,
)
# What a person has that speaks with the person's voice
VOICE = frozenset(
    "statement letter report tweet post memo email e-mail message testimony speech lawsuit remarks book".split()
)
GROUPS = frozenset(
    """police government ministry company council party campaign agency group union court office officials department
    committee team administration authority bank report study newspaper paper statement lawsuit indictment complaint
    filing letter club charity firm operator board panel jury survey poll airline hospital university school church
    embassy regulator watchdog institute network website magazine journal commission association federation
    organisation organization document memo website service army military navy bureau house senate parliament
    congress cabinet coalition""".split()
)
# What a phrase for one person opens with
ONE = frozenset("a an one another his her its".split())
CALLED = OFFICES | FEMALE | MALE
AND = re.compile(r"\s*,?\s+and\s+|\s*,\s+")
# "teams working independently", cut before "at …"
PARTICIPLE_END = re.compile(r"(?<=\ws)\s+\w+ing(?:\s+\w+ly)?$")
APPOSED = re.compile(
    r"\s*,\s*(?:(?:the|a|an|his|her|its|their|who is|who was|now|then)\s+)?(?P<what>[^,;:.()“”\"]{3,90})"
)
OFFICE_ALONE = re.compile(r"\b[Tt]he\s+(?P<office>[a-z-]+)\b(?!\s+(?:of|[A-Z]))")
BEFORE_NAME = re.compile(r"(?P<what>(?:[A-Za-z][\w’'-]*\s+){1,6})(?:,\s*)?$")


class Cast:
    """The persons and bodies of an article, with what they are called beside their names."""

    def __init__(self, text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> None:
        self.text = text
        self.sentences = sentences
        self.mentions = mentions
        self.starts = [mention.start for mention in mentions]
        self.speakers: dict[Entity, Speaker] = {}
        self.calls: dict[str, list[tuple[int, Entity]]] = {}
        for mention in mentions:
            for word in self._offices(mention):
                if mention.entity:
                    self.calls.setdefault(word, []).append((mention.start, mention.entity))

    def _offices(self, mention: Mention) -> set[str]:
        """Words of office given to a name by its title, before it in small letters, or after it between commas."""
        if mention.entity is None or mention.entity.kind == "organisation":
            return set()
        sentence = self.sentences[mention.sentence]
        after = APPOSED.match(self.text[mention.end : min(sentence.end, mention.end + 110)])
        before = BEFORE_NAME.search(self.text[max(sentence.start, mention.start - 70) : mention.start])
        said = [mention.title or "", _head(after["what"]) if after else ""]
        if before and "," not in before["what"]:
            said += takewhile(lambda word: bare(word) in CALLED or word == "and", reversed(before["what"].split()))
        return {bare(word) for part in said for word in part.split()} & CALLED

    def named(self, span: Span) -> list[Mention]:
        """The mentions that share a character with a span."""
        first = max(0, bisect_left(self.starts, span[0]) - 1)
        last = bisect_left(self.starts, span[1])
        return overlapping(self.mentions[first:last], span)

    def entity_of(self, span: Span) -> Entity | None:
        """The entity that a source names by name or by description, if it does."""
        mention = self._head_mention(span)
        if mention is not None:
            return mention.entity
        return self._described(span)

    def descriptions(self) -> list[tuple[int, Entity]]:
        """Where a word of office alone stands for somebody: "the mayor" after "Mayor Ana Ruiz"."""
        matches = [match for match in OFFICE_ALONE.finditer(self.text) if match["office"] in self.calls]
        found = [(match.start(), self._described(match.span())) for match in matches]
        return [(start, entity) for start, entity in found if entity]

    def joined(self, span: Span) -> list[Entity]:
        """The persons of "Hegseth and Trump"; none when the source is no such list of names."""
        inside = [mention for mention in self.named(span) if mention.entity and mention.entity.kind == "person"]
        between = [self.text[one.end : other.start] for one, other in pairwise(inside)]
        if (
            len(inside) < 2  # noqa: PLR2004
            or not all(AND.fullmatch(gap) for gap in between)
            or self.text[inside[-1].end : span[1]].strip(" ,")
        ):
            return []
        return list(dict.fromkeys(mention.entity for mention in inside if mention.entity))

    def _head_mention(self, span: Span) -> Mention | None:
        """The mention that is the source's own, and not one inside its description."""
        head = span[0] + len(_head(self.text[span[0] : span[1]]))
        inside = [mention for mention in self.named(span) if mention.start < head]
        for mention in reversed(inside):
            rest = self.text[mention.end : head]
            owned = POSSESSIVE.match(rest) or re.match(r"[’']s?\s", rest)
            following = [word.lower() for word in re.findall(r"[^\W\d_]+", rest)[1 if owned else 0 :]]
            if not following or (owned and following[-1] in VOICE):
                return mention
        return self._apposed_name(span)

    def _apposed_name(self, span: Span) -> Mention | None:
        """Find Joanna Pell in "its director, Joanna Pell" and in "one of those who came, the Reverend Joanna Pell"."""
        head = _head(self.text[span[0] : span[1]])
        words = head.split()
        rest = [m for m in self.named(span) if m.start > span[0] + len(head) and m.entity and m.entity.kind == "person"]
        if not rest or not re.fullmatch(r"[^.;]*,\s*(?:the\s+)?", self.text[span[0] + len(head) : rest[0].start]):
            return None
        office = {bare(word) for word in words} & CALLED
        ends = len(rest) == 1 and len(rest[0].name) > 1 and not self.text[rest[0].end : span[1]].strip(" ,")
        return rest[0] if office or (ends and words[0].lower() in ONE) else None

    def _described(self, span: Span) -> Entity | None:
        """Who was called so before: "the mayor" after "Mayor Ana Ruiz"."""
        head = _head(self.text[span[0] : span[1]]).split()
        if not head or head[0].lower() not in {"the", "that", "this"} | {"its", "their"} or len(head) > 5:  # noqa: PLR2004
            return None
        called = self.calls.get(bare(head[-1]), [])
        at = bisect_left(called, span[0], key=lambda entry: entry[0])
        if not at and len({entity.full for _, entity in called[:20]}) != 1:
            return None
        return called[max(0, at - 1)][1]


def speaker_of(cast: Cast, entity: Entity) -> Speaker:
    """The speaker that an entity is."""
    if entity not in cast.speakers:
        cast.speakers[entity] = _speaker_of(cast, entity)
    return cast.speakers[entity]


def _speaker_of(cast: Cast, entity: Entity) -> Speaker:
    others = dict.fromkeys(" ".join(mention.name) for mention in entity.mentions)
    titles = sorted(entity.titles, key=lambda title: (-len(title), title))
    kind: SpeakerKind = "organisation" if entity.kind == "organisation" else "person"
    if entity.kind == "unknown" and _the_before(cast, entity):
        kind = "organisation"
    names = [name for name in others if name != entity.full]
    titled = [f"{title} {entity.surname}" for title in titles[:1]]
    return Speaker(slug(entity.full), entity.full, kind, tuple(names + titled), titles[0] if titles else None)


def _the_before(cast: Cast, entity: Entity) -> bool:
    first = entity.mentions[0].start
    return cast.text[max(0, first - 4) : first].lower().strip() == "the"


def described_speaker(text: str) -> Speaker:
    """The speaker of a source that names nobody: its own words, shortened to the noun phrase."""
    words = " ".join(text.split()).strip(" ,;:—–-")
    head = _head(words)
    last = bare(head.split()[-1]) if head.split() else ""
    body = last in GROUPS or last in BODIES or last in VOICE
    shown = words if len(words) <= 80 else PARTICIPLE_END.sub("", head) or words[:80]  # noqa: PLR2004
    return Speaker(f"unnamed-{slug(shown)}", shown, "organisation" if body else "unnamed")


def unresolved(pronoun: str) -> Speaker:
    """The honest speaker of a pronoun that cannot be resolved."""
    word = pronoun.strip().lower()
    return Speaker(f"unnamed-{slug(word)}", f"{word}{NOT_NAMED}", "unnamed")


def _head(phrase: str) -> str:
    """A noun phrase up to what modifies it afterwards."""
    for match in HEAD_END.finditer(phrase):
        if re.search(r"\w", phrase[: match.start()]):
            return phrase[: match.start()].rstrip()
    return phrase.rstrip()
