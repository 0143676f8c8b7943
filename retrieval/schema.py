"""The nouns: what articles, statements, questions and answers are.

Frozen data and views into it. Offsets are half-open ranges of code points into `Article.text`, as Python slices;
whatever has a `text` slices it and never holds a copy. Knows nothing of files, models or stores.
"""

from dataclasses import dataclass, field
from typing import Literal

from retrieval.fragments import link

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
class Reference:
    """Where a citation stands, by name: the article's id and version, and the offsets in that version."""

    article: str
    version: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stands on its own; `topic` is what to look for once speaker and form are taken away.

    `understood` is the text where it is not what was typed, because the turn before was needed to read it. Then `near`
    is where an answer is looked for first, `shown` what the conversation has cited already, and `further` says that
    something else than that is wanted.
    """

    text: str
    kind: QuestionKind
    topic: str
    speaker: str | None = None
    quote: str | None = None
    language: str = "en"
    understood: str | None = None
    near: Reference | None = None
    shown: tuple[Reference, ...] = ()
    further: bool = False

    @property
    def is_english(self) -> bool:
        """Whether it is in English, or in no language that could be told."""
        return self.language in ("en", "")


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that retrieval found, with its neighbours: the fused score and the two it comes from."""

    sentence: Sentence
    score: float
    cosine: float
    bm25: float
    before: Sentence | None = None
    after: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence in its rank: `score` orders, `probability` is that it answers, `short` the answer within it.

    `doubted` are the places of words in the question that it and its neighbours do not seem to bear out, None where
    nobody looked.
    """

    sentence: Sentence
    score: float
    probability: float
    short: Span | None = None
    doubted: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of an article: the answer's own words."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """The piece, verbatim."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """What an answer rests on: a view of the article, the probability that it answers, and who said it if anybody.

    `context_start` and `context_end` take in the neighbouring sentences, and those without which it is not understood.
    `also` are the story's other articles that say this word for word.
    """

    article: Article
    start: int
    end: int
    probability: float
    context_start: int
    context_end: int
    statement: Statement | None = None
    also: tuple[Article, ...] = field(default=(), repr=False, compare=False)

    @property
    def version(self) -> str:
        """The version of the article that it was cut from."""
        return self.article.version

    @property
    def text(self) -> str:
        """What is cited, verbatim."""
        return self.article.text[self.start : self.end]

    @property
    def context(self) -> str:
        """The same with its neighbours, verbatim."""
        return self.article.text[self.context_start : self.context_end]

    @property
    def before(self) -> str:
        """What stands before it in its context, verbatim; empty at an article's beginning."""
        return self.article.text[self.context_start : self.start].strip()

    @property
    def after(self) -> str:
        """What stands after it in its context, verbatim; empty at an article's end."""
        return self.article.text[self.end : self.context_end].strip()

    @property
    def speaker(self) -> Speaker | None:
        """Who said it, where the citation is a statement."""
        return self.statement.speaker if self.statement else None

    @property
    def reference(self) -> Reference:
        """Where it stands, by name."""
        return Reference(self.article.id, self.article.version, self.start, self.end)

    @property
    def link(self) -> str | None:
        """The article's address with a text fragment that leads to the citation; None where it has no address."""
        return link(self.article.url, self.article.text, (self.start, self.end)) if self.article.url else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the articles say to a question, or why they say nothing.

    `citations` come best first and are empty when nothing was found; `nearest` is then the closest sentence, which
    `nearly` answers where it may well be an answer but is not surely one, and `lacks` are the words of the question
    that it does not have and is doubted for. `ranked` holds the best sentences whether or not they answer. `elapsed` is
    in seconds.
    """

    question: Question
    found: bool
    probability: float
    citations: tuple[Citation, ...] = ()
    short: Excerpt | None = None
    speaker: Speaker | None = None
    verdict: Verdict | None = None
    reason: str | None = None
    nearest: Citation | None = None
    nearly: bool = False
    lacks: tuple[str, ...] = ()
    ranked: tuple[Ranked, ...] = ()
    elapsed: float = 0.0
