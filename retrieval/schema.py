"""The nouns: what articles, statements, questions and answers are.

Frozen data and views into it. Knows nothing of files, models or stores. Offsets are half-open ranges of code points into
`Article.text`, as Python slices; whatever has a `text` slices it and never holds a copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Span = tuple[int, int]
QuestionKind = Literal["fact", "who_said", "what_said", "did_say", "quote"]
StatementKind = Literal["direct", "mixed", "indirect"]
SpeakerKind = Literal["person", "organisation", "unnamed"]
Verdict = Literal["yes", "no", "exact", "altered", "other_speaker", "not_found"]


@dataclass(frozen=True, slots=True)
class Article:
    """A text that can be asked about; `version` is the hash of its content."""

    id: str
    version: str
    title: str
    text: str = field(repr=False)
    url: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in its place; `number` and `paragraph` count from 0 within the article."""

    article: Article = field(repr=False)
    number: int
    paragraph: int
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Passage:
    """A window of sentences, first to last inclusive."""

    first: Sentence
    last: Sentence

    @property
    def text(self) -> str:
        """The window, verbatim."""
        return self.first.article.text[self.first.start : self.last.end]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who said something; `name` is the one to show, `aliases` the other names found."""

    id: str
    name: str
    kind: SpeakerKind
    aliases: tuple[str, ...] = ()
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what: `speaker_span` the mention beside the `cue`, `content` what was said.

    `sentences` are those the content touches, in order. `confidence` is a probability.
    """

    sentences: tuple[Sentence, ...]
    speaker: Speaker
    speaker_span: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    kind: StatementKind
    confidence: float

    @property
    def article(self) -> Article:
        """The article that reports it."""
        return self.sentences[0].article


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood; `topic` is what to look for once speaker and form are taken away."""

    text: str
    kind: QuestionKind
    topic: str
    speaker: str | None = None
    quote: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that retrieval found: the fused score and the two it comes from."""

    sentence: Sentence
    score: float
    cosine: float
    bm25: float
