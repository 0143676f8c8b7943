"""Whom and what the pronouns of a follow-up stand for: people and things of the turn before.

A person whose gender the articles show never stands for a pronoun of the other. Takes the ledger and the cited article
as arguments; knows nothing of questions' forms.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from retrieval.before import Before
from retrieval.ledger import Ledger
from retrieval.lexicon import BODIES, FEMALE, HONORIFICS, MALE, OFFICES, ORDINARY, Gender
from retrieval.people import NOT_NAMED, SMALL, WORD, name_words, plain
from retrieval.scene import GENDERS
from retrieval.schema import Article, Speaker, Statement
from retrieval.verdicts import denies

CAPITALISED = re.compile(r"(?<![.\w])[A-Z][\w’'-]*(?: (?:(?:de|da|van|von|der|bin|al|of the|of) )?[A-Z][\w’'-]*)*")
POSSESSIVE = re.compile(r"['’]s\Z")
DETERMINED = re.compile(r"\b(?:the|a|an|its|his|her|their) (?P<words>[\w’'-]+(?: [\w’'-]+){0,4})", re.IGNORECASE)
BOUNDARY = frozenset(
    """in on at of for to from by with about into over under after before during since until and or but that which who
    is are was were has have had will would can could did does do be been""".split()
)
MAX_CONTENT_WORDS = 30
OPENING = ("“", '"', "„", "«")
MARKS = frozenset('“”„«»"')
PLURAL = frozenset(("they", "them", "their", "theirs"))
OPENED = re.compile(r"(?:\A|[.!?:“\"])\W*\Z")
WHAT_IS = re.compile(r"(?:who|what) (?:is|was|are|were) (?P<named>[^?]+?)[\s?.!]*", re.IGNORECASE)


class Mentioned:
    """The people and things of the turn before."""

    def __init__(self, before: Before, ledger: Ledger, article: Article | None) -> None:
        self._before = before
        self._ledger = ledger
        self._article = article

    @cached_property
    def cited(self) -> str | None:
        """The first cited sentence, verbatim; None where there is none any more."""
        if self._article is None or not self._before.cited:
            return None
        first = self._before.cited[0]
        return self._article.text[first.start : first.end]

    @cached_property
    def statement(self) -> Statement | None:
        """The statement that the first cited sentence reports, by the speaker answered with where there are several."""
        if self._article is None or not self._before.cited:
            return None
        first = self._before.cited[0]
        here = [
            statement
            for statement in self._ledger.statements
            if statement.article is self._article
            and any(s.start < first.end and first.start < s.end for s in statement.sentences)
        ]
        return max(here, key=lambda one: one.speaker.name == self._before.speaker, default=None)

    @property
    def content(self) -> str | None:
        """What was said in the cited sentence, where it stands in one piece that is short enough to be asked."""
        if self.statement is None:
            return None
        first = self._before.cited[0]
        pieces = [(max(s, first.start), min(e, first.end)) for s, e in self.statement.content]
        inside = [self.statement.article.text[s:e] for s, e in pieces if s < e]
        content = bare(inside[0]) if len(inside) == 1 else ""
        return content if 0 < len(content.split()) <= MAX_CONTENT_WORDS else None

    @property
    def denied(self) -> bool:
        """Whether the cited sentence reports that somebody said it is not so."""
        cue = self.statement.cue if self.statement else None
        return cue is not None and self.statement is not None and denies(self.statement.article.text[slice(*cue)])

    def speaker(self, name: str) -> Speaker | None:
        """The speaker that a name means, if the articles know one."""
        return next(iter(self._ledger.find(name)), None)

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Names of people and bodies, those first that a pronoun most likely means."""
        return tuple(dict.fromkeys(self._people()))

    def _people(self) -> Iterator[str]:
        before = self._before
        if self.identified and self.is_name(self.identified):
            yield self._full(self.identified)
        elif before.kind == "fact" and before.short and not CAPITALISED.fullmatch(self.identified or ""):
            yield from (name for name in names_of(before.short) if name == before.short)
        for name in (before.speaker, before.asked):
            if name and NOT_NAMED not in name:
                known = self.speaker(name)
                yield known.name if known and known.kind != "unnamed" else name
        yield from (self._full(name) for name in names_of(before.question))
        if before.kind == "fact" and self.statement and self.statement.speaker.kind != "unnamed":
            yield self.statement.speaker.name
        yield from (name for name in names_of(self.cited or "") if " " in name)

    @property
    def identified(self) -> str | None:
        """Whom or what the question before asks about with “Who is …?” and no more than that."""
        match = WHAT_IS.fullmatch(self._before.question)
        return match["named"] if match and (_is_plain(match["named"]) or self.is_name(match["named"])) else None

    def _full(self, name: str) -> str:
        known = self.speaker(name)
        return known.name if known and known.kind != "unnamed" else name

    def person(self, pronoun: str, *, besides: Iterable[str] = ()) -> str | None:
        """Whom “he”, “her” or “they” stands for, if none of those besides; None where nobody fits."""
        others = {self._full(name) for name in besides}
        return next((name for name in self.people if name not in others and self._fits(name, pronoun)), None)

    def _fits(self, name: str, pronoun: str) -> bool:
        known = self.speaker(name)
        body = known.kind == "organisation" if known else _is_body(name)
        if pronoun in PLURAL:
            return body or (known is not None and known.kind == "unnamed" and name.endswith("s"))
        gender = GENDERS.get(pronoun)
        shown = self.gender(known) if known else None
        return (
            not body
            and (known is not None or (" " in name and not self._is_thing(name)) or self.is_person(name))
            and (gender is None or shown is None or shown == gender)
        )

    def gender(self, speaker: Speaker) -> Gender | None:
        """The gender that titles tell, or the pronouns that the articles use where the speaker speaks."""
        for word in (speaker.title or "").lower().split():
            if word in FEMALE:
                return "she"
            if word in MALE:
                return "he"
            if HONORIFICS.get(word):
                return HONORIFICS[word]
        for statement in self._ledger.of(speaker):
            if statement.speaker_span:
                written = statement.article.text[slice(*statement.speaker_span)].lower()
                if written in GENDERS:
                    return GENDERS[written]
        return None

    def _is_thing(self, name: str) -> bool:
        """Whether a name has an article before it, as no person’s has."""
        told = f"{self._before.question} {self.cited or ''}"
        return re.search(rf"\bthe {re.escape(name)}\b", told, re.IGNORECASE) is not None

    def is_person(self, name: str) -> bool:
        """Whether the articles speak of a person of that name: a speaker, or an office before it."""
        known = self.speaker(name)
        if known is not None:
            return known.kind == "person"
        titled = re.compile(rf"(\w+)\s+(?:[A-Z][\w’'-]*\s+)?{re.escape(name)}\b")
        words = (word.lower() for text in self._texts if name in text for word in titled.findall(text))
        return any(word in OFFICES or word in HONORIFICS for word in words)

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        """The texts of all articles in which somebody says something, the cited one first."""
        cited = (self._article,) if self._article else ()
        told = (*cited, *(statement.article for statement in self._ledger.statements))
        return tuple({article.id: article.text for article in told}.values())

    def names_more(self, words: str) -> bool:
        """Whether words name a known speaker and something besides, as “hegseth nato” does."""
        return len(words.split()) > 1 and any(self.is_name(word) for word in words.split())

    def is_name(self, words: str) -> bool:
        """Whether words, in capitals or not, are the name of a known speaker or a part of it."""
        known = self.speaker(words)
        told = set(WORD.findall(plain(words))) - SMALL
        named = known is not None and known.kind != "unnamed" and told <= set(name_words(known.name))
        return named and not (words.islower() and self.is_word(words))

    def is_word(self, word: str) -> bool:
        """Whether the cited article has a word in lower case, as it has no names."""
        text = self._article.text if self._article else ""
        return re.search(rf"\b{re.escape(word)}\b", text) is not None

    def alike(self, named: str) -> str | None:
        """What of the question before a name or thing may take the place of: the first name, or the first thing."""
        question = self._before.question
        if DETERMINED.match(named):
            return next((thing for thing in self.things if DETERMINED.match(thing)), None)
        names = [name for name in names_of(question) if name.casefold() not in named.casefold()]
        return names[0] if names and named[:1].isupper() else None

    @cached_property
    def things(self) -> tuple[str, ...]:
        """What the question before is about that is no person, in its order."""
        question = self._before.question
        found = [(match.start(), phrase) for match in DETERMINED.finditer(question) if (phrase := self._phrase(match))]
        for match in CAPITALISED.finditer(question):
            name = POSSESSIVE.sub("", match.group())
            if name.lower() in NO_NAMES:
                continue
            if match.start() and not self._may_be_person(name) and not any(name in phrase for _, phrase in found):
                found.append((match.start(), name))
        return tuple(phrase for _, phrase in sorted(found))

    def _may_be_person(self, name: str) -> bool:
        """Whether it is a person’s name, or that of somebody unknown who was asked for as a speaker."""
        return self.is_person(name) or (name == self._before.asked and self.speaker(name) is None)

    def _phrase(self, match: re.Match[str]) -> str | None:
        """The determined phrase: up to a boundary, or as far as the cited article has the same words."""
        words = match["words"].split()
        end = next((i for i, word in enumerate(words) if word.lower() in BOUNDARY), len(words))
        whole = end < len(words) or not match.string[match.end() :].strip(" ?!.")
        determiner = match.group().split()[0]
        text = " ".join((self._article.text if self._article else "").lower().split())
        for length in range(end, 0, -1):
            if f"{' '.join(words[:length]).lower()}" in text:
                return f"{determiner} {' '.join(words[:length])}"
        return f"{determiner} {' '.join(words[:end])}" if whole and end else None


def bare(content: str) -> str:
    """A content without the marks around it; those of a quotation within it stay."""
    content = " ".join(content.split()).strip(" ,.;")
    return content[1:-1].strip(" ,.;") if content[:1] in OPENING and not set(content[1:-1]) & MARKS else content


def names_of(text: str) -> list[str]:
    """Capitalised names in a text; the word that only opens it is none."""
    found = []
    for match in CAPITALISED.finditer(text):
        words = POSSESSIVE.sub("", match.group()).split()
        opening = OPENERS | ORDINARY if OPENED.search(text[: match.start()]) else OPENERS
        while words and (words[0].lower() in opening or words[0].lower().strip(".") in OFFICES | set(HONORIFICS)):
            words = words[1:]
        if words and not _is_body(" ".join(words)) and words[0].lower() not in NO_NAMES:
            found.append(" ".join(words))
    return found


def _is_plain(phrase: str) -> bool:
    """Whether a phrase is a name or a short noun phrase, with nothing that happens in it."""
    determined = DETERMINED.fullmatch(phrase)
    words = determined["words"].split() if determined else []
    happens = not BOUNDARY.isdisjoint(words) or (words and words[-1].endswith(("ing", "ed")))
    return CAPITALISED.fullmatch(phrase) is not None or (determined is not None and not happens)


def _is_body(name: str) -> bool:
    words = name.lower().split()
    return any(word in BODIES for word in words) or (len(words) == 1 and name.isupper() and len(name) > 1)


OPENERS = frozenset(
    "who what when where why how which whose whom did does do is are was were has have had the a an".split()
)
NO_NAMES = frozenset(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday i in on at by for from the it he she they but and if as what there""".split()
)
