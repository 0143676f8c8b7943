"""Articles → Statements: who said what, each resting on its sentences.

Composes the tagger, the linking rules, the names and the pronouns. English only: an article in another language has no
statements. Knows nothing of questions, and of no article but the one that it reads.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval import entities, linking, names, pronouns, referents
from retrieval.entities import Entity
from retrieval.given_names import GivenNames
from retrieval.page import Draft, Page, page_of
from retrieval.pronouns import Scorer
from retrieval.referents import Cast
from retrieval.scene import Pronoun, Reported, Scene
from retrieval.schema import Article, Sentence, Span, Speaker, Statement, StatementKind
from retrieval.tagger import FOLDER, Tagger
from retrieval.voices import Voice, Voices

DIRECT_SHARE = 0.9
FIRST_PERSON = frozenset("i we me us my our".split())
GROUP_PRONOUNS = frozenset("they it this these those which that who one some others both i we you".split())


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article says by whom; `pronouns` pairs each he and she with a name, or None where nobody is sure."""

    statements: tuple[Statement, ...]
    pronouns: tuple[tuple[Span, str | None], ...]


class StatementReader:
    """Finds the statements of articles with a loaded tagger."""

    def __init__(self, tagger: Tagger, given_names: GivenNames, scorer: Scorer) -> None:
        """Take the tagger, the genders of given names and the scorer of the pronoun resolver."""
        self._tagger = tagger
        self._given_names = given_names
        self._scorer = scorer

    @classmethod
    def load(cls) -> "StatementReader":
        """Load the weights that the package ships.

        Raises:
            ModelError: They are missing or damaged.
        """
        tagger, heads = Tagger.load(FOLDER)
        return cls(tagger, GivenNames(heads["given_names.weight"]), Scorer(heads["pronouns.weight"].tolist()))

    def read(self, articles: Sequence[tuple[Article, Sequence[Sentence]]]) -> list[tuple[Statement, ...]]:
        """The statements of each article, in order; articles in one call are tagged in batches."""
        return [reading.statements for reading in self.read_closely(articles)]

    def read_closely(self, articles: Sequence[tuple[Article, Sequence[Sentence]]]) -> list[Reading]:
        """The statements of each article and whom its pronouns stand for."""
        read = [Reading((), ()) for _ in articles]
        english = [at for at, (article, found) in enumerate(articles) if found and is_english(article)]
        texts = [(articles[at][0].text, [(s.start, s.end, s.paragraph) for s in articles[at][1]]) for at in english]
        for at, (text, places), tagging in zip(english, texts, self._tagger.tag(texts), strict=True):
            page = page_of(text, tagging.words, places)
            read[at] = self._reading(page, linking.link(page, tagging), articles[at][1])
        return read

    def _reading(self, page: Page, drafts: Sequence[Draft], sentences: Sequence[Sentence]) -> Reading:
        mentions = names.mentions_of(sentences)
        gathered = entities.gather(mentions, self._given_names.judge)
        cast = Cast(page.text, sentences, mentions)
        resolved = pronouns.resolve(_scene(page, drafts, gathered, cast), self._scorer, _voices(page, drafts, cast))
        decided = {pronoun.start: (pronoun, entity) for pronoun, entity, _ in resolved}
        starts = [sentence.start for sentence in sentences]
        found: list[Statement] = []
        told: dict[int, list[Speaker]] = {}
        for draft in drafts:
            if _is_first_person(page, draft):
                continue
            source = page.characters(draft.source) if draft.source else None
            cue = page.characters(draft.cue) if draft.cue else None
            content = tuple(_trimmed(page.text, page.characters(run)) for run in draft.content)
            near = sentences[bisect_right(starts, content[0][0]) - 1 : bisect_left(starts, content[-1][1])]
            touched = tuple(s for s in near if any(s.start < end and s.end > start for start, end in content))
            kind = kind_of(page, draft.content)
            speakers = _speakers(cast, source, decided, found)
            if draft.teller and not (speakers := _believers(speakers, told.get(id(draft.teller), []))):
                continue
            told[id(draft)] = speakers
            found += [
                Statement(touched, speaker, source, cue, content, kind, round(draft.confidence, 4))
                for speaker in speakers
            ]
        spans = tuple(((p.start, p.end), entity.full if entity else None) for p, entity, _ in resolved)
        return Reading(tuple(found), spans)


def _believers(speakers: list[Speaker], tellers: list[Speaker]) -> list[Speaker]:
    """Who told of a belief, if it is their own: nobody where "he" is somebody else."""
    own = speakers[0].kind == "unnamed" or set(speakers) <= set(tellers)
    return tellers if own else []


def _is_first_person(page: Page, draft: Draft) -> bool:
    """Whether it is told within somebody's quotation as their own words: “I told them that …”."""
    source = draft.source
    return source is not None and page.is_quoted(source) and page.word(source[0]).lower() in FIRST_PERSON


def is_english(article: Article) -> bool:
    """Whether the tagger can read an article."""
    return article.language.split("-")[0].lower() == "en"


def _scene(page: Page, drafts: Sequence[Draft], gathered: Sequence[Entity], cast: Cast) -> Scene:
    """What the pronoun resolver is to know of an article."""
    reported: list[Reported] = []
    for draft in drafts:
        source = page.characters(draft.source) if draft.source else None
        entity = cast.entity_of(source) if source else None
        reported.append(Reported(source, entity, tuple(page.characters(run) for run in draft.content)))
    reported.sort(key=lambda report: report.source or report.content[0])
    return Scene(cast.sentences, gathered, page.quotation_spans(), reported, cast.mentions)


def _voices(page: Page, drafts: Sequence[Draft], cast: Cast) -> Voices:
    """What is known of the sources of an article's statements."""
    voices: list[Voice] = []
    for draft in drafts:
        if draft.source and draft.cue:
            source, cue = page.characters(draft.source), page.text[slice(*page.characters(draft.cue))]
            voices.append(Voice(source, cast.entity_of(source), cue, tuple(map(page.characters, draft.content))))
    return Voices(voices, cast.descriptions())


def kind_of(page: Page, content: Sequence[Span]) -> StatementKind:
    """Direct, mixed or indirect by the share of words inside quotation marks."""
    words = [number for run in content for number in range(*run) if page.spoken(number)]
    share = sum(page.quotation[number] >= 0 for number in words) / max(1, len(words))
    return "direct" if share >= DIRECT_SHARE else "mixed" if share else "indirect"


def _speakers(
    cast: Cast, source: Span | None, decided: dict[int, tuple[Pronoun, Entity | None]], before: Sequence[Statement]
) -> list[Speaker]:
    """Who speaks: one, or each of those whom "and" joins by name."""
    if source and (joined := cast.joined(source)):
        return [referents.speaker_of(cast, entity) for entity in joined]
    return [_speaker(cast, source, decided, before)]


def _speaker(
    cast: Cast, source: Span | None, decided: dict[int, tuple[Pronoun, Entity | None]], before: Sequence[Statement]
) -> Speaker:
    if source is None:
        return Speaker("unnamed", "not named here", "unnamed")
    text = cast.text[source[0] : source[1]].strip()
    word = text.lower()
    if source[0] in decided and " " not in word:
        entity = decided[source[0]][1]
        speaker = referents.speaker_of(cast, entity) if entity else None
        return speaker if speaker and speaker.kind != "organisation" else referents.unresolved(text)
    if word in GROUP_PRONOUNS:
        return _group(cast, source, word, before)
    entity = cast.entity_of(source)
    return referents.speaker_of(cast, entity) if entity else referents.described_speaker(text)


def _group(cast: Cast, source: Span, word: str, before: Sequence[Statement]) -> Speaker:
    """Whom "they", "it" or a relative "who" stands for: the name just before, or the body that spoke last."""
    if word in ("who", "which", "that"):
        near = cast.named((max(0, source[0] - 60), source[0]))
        if near and near[-1].entity and cast.text[near[-1].end : source[0]].strip(" ,") == "":
            return referents.speaker_of(cast, near[-1].entity)
    last = before[-1] if before else None
    plural = word == "they"
    if last and last.speaker_span and word in ("they", "it") and source[0] - last.speaker_span[1] < 400:  # noqa: PLR2004
        spoken = cast.text[slice(*last.speaker_span)].lower()
        if (word == "it" and last.speaker.kind == "organisation") or (
            plural and spoken.endswith("s") and last.speaker.kind != "person"
        ):
            return last.speaker
    return referents.unresolved(word)


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    while end > start and text[end - 1] in " \n,;:":
        end -= 1
    while start < end and text[start] in " \n,;:":
        start += 1
    return start, end
