"""Speakers: one for each person or body, in an article and across articles, and how to find one by a name as typed.

"Hegseth" and "Pete Hegseth" are one as long as only one Hegseth is known; two people of one surname stay two. Knows
nothing of how statements are found.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from retrieval.lexicon import HONORIFICS, OFFICES, QUALIFIERS, SUFFIXES
from retrieval.schema import Speaker, Statement

WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")
NOT_NAMED = ", not named here"
# Below this a name as typed is another name and no typing error (rapidfuzz, 0 to 100)
CLOSE = 84.0
# Each question looks at every name of the archive; so many stay cut into words
KNOWN_NAMES = 65_536
SMALL = frozenset("the a an of for in at and to his her its their".split())


@lru_cache(KNOWN_NAMES)
def plain(text: str) -> str:
    """Lower case, without accents or possessive endings."""
    return re.sub(r"'s\b|(?<=s)'(?!\w)", "", unaccented(text.replace("’", "'"))).lower()


def unaccented(text: str) -> str:
    """The text without accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def slug(text: str) -> str:
    """A stable identifier: plain letters and digits joined by hyphens."""
    return "-".join(re.findall(r"[^\W_]+", plain(text))) or "unnamed"


@lru_cache(KNOWN_NAMES)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name without titles, articles and suffixes; of a bare description all its words."""
    words = [word.strip(".") for word in WORD.findall(plain(name))]
    kept = [word for word in words if word not in OFFICES | SMALL | SUFFIXES and word not in HONORIFICS]
    while len(kept) > 1 and kept[0] in QUALIFIERS and len(kept) < len(words):
        kept = kept[1:]
    return tuple(kept or words)


def same_person(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names, as words, can be one person's: equal, a surname alone, or an initial or short first name."""
    if not one or not other:
        return False
    short, full = sorted((list(one), list(other)), key=len)
    if short == full:
        return True
    if short[-1] != full[-1]:
        return False
    if len(short) == 1:
        return True
    first, second = short[0], full[0]
    return first == second or first.startswith(second) or second.startswith(first) or short[0] in full[:-1]


def merge(statements: Iterable[Statement]) -> tuple[tuple[Statement, ...], tuple[Speaker, ...]]:
    """Give the statements of many articles one speaker for each person or body.

    A surname alone joins a full name when only one fits; an unnamed speaker stays with its article.

    Returns:
        The statements in their order, with their speakers across articles; and those speakers, who said most first.
    """
    ordered = tuple(statements)
    groups: dict[tuple[str, str], Speaker] = {}
    for statement in ordered:
        groups.setdefault((_home(statement), statement.speaker.id), statement.speaker)
    merged: dict[tuple[str, str], Speaker] = {}
    people: dict[str, list[tuple[tuple[str, ...], list[tuple[str, str]]]]] = {}
    keys = sorted(groups, key=lambda key: (-len(name_words(groups[key].name)), key))
    for key in keys:
        speaker = groups[key]
        if speaker.kind == "unnamed" or speaker.id.startswith("unnamed-"):
            merged[key] = replace(speaker, id=f"{key[0]}:{speaker.id}")
            continue
        words = name_words(speaker.name)
        rivals = people.setdefault(words[-1], [])
        fitting = [
            group for group in rivals if same_person(words, group[0]) and _kinds_agree(groups, group[1], speaker)
        ]
        exact = [group for group in fitting if group[0] == words]
        if exact or len(fitting) == 1:
            (exact or fitting)[0][1].append(key)
        else:
            rivals.append((words, [key]))
    for rivals in people.values():
        for _, members in rivals:
            joined = _join([groups[key] for key in members])
            merged.update(dict.fromkeys(members, joined))
    spoken = tuple(replace(s, speaker=merged[_home(s), s.speaker.id]) for s in ordered)
    counts: dict[str, int] = {}
    for statement in spoken:
        counts[statement.speaker.id] = counts.get(statement.speaker.id, 0) + 1
    speakers = {speaker.id: speaker for speaker in merged.values()}
    return spoken, tuple(sorted(speakers.values(), key=lambda speaker: (-counts[speaker.id], speaker.id)))


def _home(statement: Statement) -> str:
    return statement.article.id


def _kinds_agree(groups: dict[tuple[str, str], Speaker], members: Sequence[tuple[str, str]], speaker: Speaker) -> bool:
    return groups[members[0]].kind == speaker.kind


def _join(speakers: Sequence[Speaker]) -> Speaker:
    """One speaker of several: the fullest name, the commonest title, every other name as an alias."""
    fullest = max(speakers, key=lambda speaker: (len(name_words(speaker.name)), len(speaker.name), speaker.name))
    titles = [speaker.title for speaker in speakers if speaker.title]
    title = max(titles, key=lambda title: (titles.count(title), len(title)), default=None)
    names = dict.fromkeys([s.name for s in speakers] + [alias for s in speakers for alias in s.aliases])
    aliases = tuple(name for name in names if name != fullest.name)
    return replace(fullest, id=slug(fullest.name), title=title, aliases=aliases)


def find(name: str, speakers: Iterable[Speaker]) -> list[Speaker]:
    """The speakers that a name as typed may mean, best first; case, titles and typing errors do not matter."""
    wanted = name_words(name)
    if not wanted:
        return []
    letters = _initials(name)
    near = [(at, one) for at, one in enumerate(speakers) if letters & _initials(one.name, one.aliases, one.title)]
    scored = [(_likeness(name, wanted, speaker), -at, speaker) for at, speaker in near]
    best = sorted((entry for entry in scored if entry[0] >= CLOSE), key=lambda entry: (-entry[0], -entry[1]))
    if best and best[0][0] >= 99:  # noqa: PLR2004 - who is named exactly leaves typing errors aside
        best = [entry for entry in best if entry[0] >= 90]  # noqa: PLR2004
    return [speaker for _, _, speaker in best]


@lru_cache(KNOWN_NAMES)
def _initials(name: str, aliases: tuple[str, ...] = (), title: str | None = None) -> frozenset[str]:
    """The first letters of all words: names that share none are not alike."""
    return frozenset(word[0] for one in (name, *aliases, title or "") for word in WORD.findall(plain(one)))


def _likeness(name: str, wanted: tuple[str, ...], speaker: Speaker) -> float:
    """How well a speaker fits a name, 0 to 100."""
    best = 0.0
    typed = plain(name).strip()
    for alias in (speaker.name, *speaker.aliases, *((speaker.title,) if speaker.title else ())):
        known = plain(alias).strip()
        words = name_words(alias)
        if typed == known or wanted == words:
            return 100.0
        best = max(best, _words_likeness(wanted, words))
    telling = set(WORD.findall(typed)) - SMALL
    if not telling:  # “the” and “his” are in many a name and mean nobody
        return 0.0
    if best < CLOSE and speaker.title and telling <= set(WORD.findall(plain(speaker.title))):
        best = 92.0
    return best


def _words_likeness(wanted: tuple[str, ...], known: tuple[str, ...]) -> float:
    if not known:
        return 0.0
    if same_person(wanted, known):
        return 97.0 if wanted[-1] == known[-1] else 95.0
    if len(wanted) == 1 and wanted[0] in known:
        return 90.0
    if len(wanted) == 1:
        word = wanted[0]
        return max((_typo(word, part) for part in known), default=0.0)
    if len(wanted) > len(known):
        return 0.0
    return min(_typo(one, other) for one, other in zip(wanted, known[-len(wanted) :], strict=True))


def _typo(word: str, known: str) -> float:
    """Likeness of two words: one error is forgiven in four letters, two in eight; the first letter must stand."""
    if word == known:
        return 98.0
    if len(word) < 4 or len(known) < 4 or word[0] != known[0]:  # noqa: PLR2004
        return 0.0
    errors = OSA.distance(word, known, score_cutoff=2)
    return 96.0 - 4 * errors if errors <= 1 + (len(word) > 7) else 0.0  # noqa: PLR2004
