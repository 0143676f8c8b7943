"""Who can be the "he" of "he said": which candidates the statements around a pronoun rule out, and whom they settle.

Whoever the statement itself speaks of is not who says it; whom another speaker has just told something, or has just
spoken of, does not go on with it; and whoever stands before the subject of the sentence before is passed over. Knows
nothing of weights.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from retrieval import reporting
from retrieval.antecedents import UNFIT, Candidate
from retrieval.entities import Entity
from retrieval.names import Mention
from retrieval.scene import Pronoun, Scene, fit_of
from retrieval.schema import Span

# With these a speaker goes on, and with those another one answers
GOING_ON = frozenset("add continue went".split())
ANSWERING = frozenset("reply answer respond retort ask counter inquire enquire".split())
# So many of the pronouns before are looked at
RECENT = 40
# “I’m Tom Hale,” he said
OWN_NAME = re.compile(r"\b(?:I am|I[’']m|name is|name[’']s)\s+$")


@dataclass(frozen=True, slots=True)
class Voice:
    """A statement with a source, as spans of characters; `entity` is whom the source names, `cue` its words."""

    source: Span
    entity: Entity | None
    cue: str
    content: tuple[Span, ...]


class Voices:
    """The statements of an article by their sources, and where a word of office stands for somebody named."""

    def __init__(self, voices: Sequence[Voice], descriptions: Sequence[tuple[int, Entity]] = ()) -> None:
        self._voices = sorted(voices, key=lambda voice: voice.source)
        self._starts = [voice.source[0] for voice in self._voices]
        self._at: Mapping[int, Voice] = {voice.source[0]: voice for voice in self._voices}
        self._descriptions = descriptions

    def of(self, pronoun: Pronoun) -> Voice | None:
        """The statement whose source the pronoun is."""
        voice = self._at.get(pronoun.start)
        return voice if voice and voice.source[1] <= pronoun.end + 1 else None

    def goes_on(self, scene: Scene, pronoun: Pronoun, voice: Voice) -> Entity | None:
        """Who goes on where "he added" follows a statement: its speaker, if he can be a he."""
        speaker = self._before(scene, pronoun)[1] if _words(voice) & GOING_ON else None
        fits = speaker and speaker.kind != "organisation" and speaker.gender in (None, pronoun.gender)
        return speaker if speaker and fits and fit_of(speaker, pronoun) >= UNFIT else None

    def ruled_out(self, scene: Scene, pronoun: Pronoun, voice: Voice, found: Sequence[Candidate]) -> list[bool]:
        """Which candidates the statement's speaker cannot be."""
        out = _spoken_of(scene, voice) | self._told(scene, pronoun, voice, found)
        passed = self._passed_over(scene, pronoun)
        return [candidate.entity in out or passed(candidate.entity) for candidate in found]

    @staticmethod
    def is_alone(scene: Scene, pronoun: Pronoun, entity: Entity | None) -> bool:
        """Whether nobody else is named in the pronoun's sentence up to it and in the sentence before."""
        near = _mentions(scene, _sentence_before(scene, pronoun), pronoun.start)
        return {m.entity for m in near if m.entity and m.entity.kind == "person"} == {entity}

    def _before(self, scene: Scene, pronoun: Pronoun) -> tuple[Voice | None, Entity | None]:
        """The statement before, if it stands in the same sentence or the one before, and its speaker."""
        at = bisect_right(self._starts, pronoun.start - 1) - 1
        if at < 0:
            return None, None
        before = self._voices[at]
        if before.source[1] > pronoun.start or before.source[0] < _sentence_before(scene, pronoun):
            return None, None
        meant = (entity for other, entity in reversed(scene.resolved[-RECENT:]) if other.start == before.source[0])
        return before, before.entity or next(meant, None)

    def _told(self, scene: Scene, pronoun: Pronoun, voice: Voice, found: Sequence[Candidate]) -> set[Entity]:
        """Whom the speaker before told something or spoke of, and whom nothing names since."""
        before, speaker = self._before(scene, pronoun)
        if not before or not speaker or speaker not in {c.entity for c in found} or _words(voice) & ANSWERING:
            return set()
        end = min(scene.sentences[_number(scene, before.source[0])].end, voice.content[0][0], pronoun.start)
        named = [candidate for candidate in found if before.source[1] <= candidate.mention.start < end]
        return {candidate.entity for candidate in named} - {speaker}

    def _passed_over(self, scene: Scene, pronoun: Pronoun) -> "_PassedOver":
        """Whoever was last meant before another subject came between."""
        start = _sentence_before(scene, pronoun)
        opening = [(m.start, m.entity) for m in _mentions(scene, start, start + 1) if m.start == start and m.entity]
        first, last = (bisect_left(self._descriptions, at, key=itemgetter(0)) for at in (start, pronoun.start))
        subjects = [*opening, *self._descriptions[first:last]]
        told = [(at, entity) for at, entity in subjects if entity.kind == "person" and not scene.around(at)]
        return _PassedOver(scene, max(told, key=itemgetter(0), default=None))


@dataclass(frozen=True, slots=True)
class _PassedOver:
    scene: Scene
    subject: tuple[int, Entity] | None

    def __call__(self, entity: Entity) -> bool:
        if self.subject is None or entity is self.subject[1]:
            return False
        recent = self.scene.resolved[-RECENT:]
        meant = max((pronoun.start for pronoun, other in recent if other is entity), default=0)
        last = self.scene.last.get(entity, entity.mentions[0]).start
        return max(meant, last) < self.subject[0]


def _mentions(scene: Scene, start: int, end: int) -> Sequence[Mention]:
    """The names that start within a span."""
    return scene.mentions[bisect_left(scene.starts, start) : bisect_left(scene.starts, end)]


def _words(voice: Voice) -> set[str]:
    return {reporting.lemma(word) for word in voice.cue.split()}


def _spoken_of(scene: Scene, voice: Voice) -> set[Entity]:
    """Whom the statement itself names, but for “I’m Tom Hale”."""
    text = scene.sentences[0].article.text
    inside = [mention for start, end in voice.content for mention in _mentions(scene, start, end)]
    return {m.entity for m in inside if m.entity and not OWN_NAME.search(text[max(0, m.start - 12) : m.start])}


def _number(scene: Scene, position: int) -> int:
    """The number of the sentence that holds a position."""
    return bisect_right(scene.sentences, position, key=lambda sentence: sentence.start) - 1


def _sentence_before(scene: Scene, pronoun: Pronoun) -> int:
    return scene.sentences[max(0, pronoun.sentence - 1)].start
