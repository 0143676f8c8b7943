"""The names in an article: text → mentions of people and bodies, each with its title split off.

Rules over capitals and general English words of office; knows nothing of which mentions are one person's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrieval.lexicon import ABBREVIATED, ALSO_GIVEN, BODIES, HONORIFICS, MEMBERS, OFFICES, ORDINARY, PARTICLES
from retrieval.schema import Sentence, Span

if TYPE_CHECKING:
    from retrieval.entities import Entity

TOKEN = re.compile(r"[^\W_]+(?:[’'\-.&/][^\W_]+)*\.?|[^\w\s]")
POSSESSIVE = re.compile(r"(?:[’']s|(?<=s)[’'])\Z")


@dataclass(slots=True)
class Mention:
    """A name in its place; `start` and `end` take its title in, `name` does not."""

    start: int
    end: int
    name: tuple[str, ...]
    title: str | None
    sentence: int
    entity: "Entity | None" = field(default=None, repr=False)


def bare(token: str) -> str:
    """A token without its possessive ending and, unless it abbreviates, its full stop; lower case."""
    return POSSESSIVE.sub("", token).rstrip(".").lower()


def is_title_case(text: str) -> bool:
    """Whether a line is set in headline capitals, where a capital says nothing; a headline has no full stop."""
    words = re.findall(r"[^\W\d_]{4,}", text[:400])
    capitals = sum(word[0].isupper() for word in words)
    return len(words) > 3 and capitals >= 0.8 * len(words) and not text.rstrip("”’\"' ").endswith(".")  # noqa: PLR2004


def mentions_of(sentences: Sequence[Sentence]) -> list[Mention]:
    """The names in an article's sentences, in order."""
    if not sentences:
        return []
    text = sentences[0].article.text
    lower = {word for sentence in sentences for word in re.findall(r"\b[^\W\d_]+\b", sentence.text) if word.islower()}
    found: list[Mention] = []
    late: list[Sentence] = []
    for sentence in sentences:
        if is_title_case(sentence.text):
            late.append(sentence)
        else:
            found += _names_in(text, sentence, lower)
    inside = {mention.name for mention in found}
    known = {word for name in inside for word in name}
    for sentence in late:
        found += [
            m for m in _names_in(text, sentence, lower) if m.name in inside or all(word in known for word in m.name)
        ]
    return sorted(found, key=lambda mention: mention.start)


def _names_in(text: str, sentence: Sentence, lower: set[str]) -> list[Mention]:
    found: list[Mention] = []
    run: list[re.Match[str]] = []
    opening = True
    tokens = list(TOKEN.finditer(text, sentence.start, sentence.end))
    for number, token in enumerate(tokens):
        word = token.group()
        capital = word[0].isupper()
        if capital and opening and not run and _is_ordinary(word, tokens[number + 1 : number + 2], lower):
            capital = False
        follows = bool(run) and text[run[-1].end() : token.start()].strip() == "" and not _ends_name(run[-1].group())
        if (
            (capital and (follows or not run))
            or (
                run
                and follows
                and bare(word) in PARTICLES
                and number + 1 < len(tokens)
                and tokens[number + 1].group()[0].isupper()
            )
            or (run and follows and word == "of" and _takes_of(run, tokens, number))
        ):
            run.append(token)
        else:
            found += _mentions(run, sentence, lower)
            run = [token] if capital else []
        if word[0].isalnum():
            opening = False
        elif word in ':“"‘' or word == "—":
            opening = True
    return found + _mentions(run, sentence, lower)


def _is_ordinary(word: str, after: Sequence[re.Match[str]], lower: set[str]) -> bool:
    base = bare(word)
    if base in ORDINARY:
        return True
    named = bool(after) and after[0].group()[0].isupper()
    return base in lower and not named and base not in OFFICES and base not in HONORIFICS


def _ends_name(word: str) -> bool:
    if POSSESSIVE.search(word):
        return True
    return word.endswith(".") and bare(word) not in ABBREVIATED and len(word) > 2 and "." not in word[:-1]  # noqa: PLR2004


def _takes_of(run: Sequence[re.Match[str]], tokens: Sequence[re.Match[str]], number: int) -> bool:
    head = bare(run[-1].group())
    return (head in OFFICES or head in BODIES) and number + 1 < len(tokens) and tokens[number + 1].group()[0].isupper()


def _mentions(run: Sequence[re.Match[str]], sentence: Sentence, lower: set[str]) -> list[Mention]:
    """The mention that a run of capitalised tokens makes, its title split off."""
    tokens = list(run)
    while (
        tokens
        and bare(tokens[0].group()) in ORDINARY
        and bare(tokens[0].group()) not in {"may", "march", "april", "june", "august"}
    ):
        tokens = tokens[1:]
    tokens = list(_before_ordinary(tokens, lower))
    if not tokens:
        return []
    words = [token.group() for token in tokens]
    split = _title_length(words)
    name = tuple(_clean(word) for word in words[split:])
    title = " ".join(words[:split]) or None
    described = title is None and bool(name) and bare(name[-1]) in MEMBERS
    if described or not any(len(word.strip(".")) > 1 for word in name) or all(word.isdigit() for word in name):
        return []
    end = tokens[-1].end() - (len(words[-1]) - len(_clean(words[-1])))
    return [Mention(tokens[0].start(), end, name, title, sentence.number)]


def _before_ordinary(tokens: Sequence[re.Match[str]], lower: set[str]) -> Iterator[re.Match[str]]:
    """The tokens up to one that no name of three words or more goes on with, as headings have."""
    for number, token in enumerate(tokens):
        base = bare(token.group())
        if number and base in ORDINARY and base != "of" and token.group()[0].isupper():
            return
        if (
            number
            and len(tokens) > 2  # noqa: PLR2004
            and base in lower
            and base not in OFFICES | BODIES | PARTICLES | {"of"}
            and number + 1 != len(tokens)
        ):
            return
        yield token


def _clean(word: str) -> str:
    word = POSSESSIVE.sub("", word)
    return word if bare(word) in ABBREVIATED or len(word) == 2 or "." in word[:-1] else word.rstrip(".")  # noqa: PLR2004


def _title_length(words: Sequence[str]) -> int:
    """How many of the words are a title: up to the last word of office, with its "of …", if a name is left."""
    split = 0
    for number, word in enumerate(words):
        base = bare(word)
        if base in ALSO_GIVEN and 0 < split == number == len(words) - 2:
            break
        if base in OFFICES or base in HONORIFICS:
            split = number + 1
            if number + 2 < len(words) and words[number + 1] == "of":
                # of two capitals after "of" the last is the name; of more, the last two are
                split = len(words) - (1 if len(words) - number - 2 <= 2 else 2)  # noqa: PLR2004
                break
    return split if split < len(words) else 0


def overlapping(mentions: Sequence[Mention], span: Span) -> list[Mention]:
    """The mentions that share a character with a span."""
    return [mention for mention in mentions if mention.start < span[1] and mention.end > span[0]]
