"""How well statements and pronouns agree with gold annotation.

A statement is right when its content agrees by token F1 of at least 0.8 and its speaker is the gold one, by the
mention or by the name; matching is one to one, best first. A statement that covers an annotated belief is neither
right nor wrong. Knows nothing of how statements are found.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from retrieval import reporting
from retrieval.people import plain
from retrieval.schema import Span, Statement

WORD = reporting.WORD
STRICT = 0.8
COVERED = 0.5
INSIDE = 0.8
TITLES = frozenset(
    """mr mrs ms miss dr prof professor sen sens senator rep reps representative gov governor president vice president-
    elect secretary minister prime sir lord lady judge justice gen general col lt sgt capt rev former candidate
    nominee republican democratic democrat presidential the a an chairman chairwoman chief mayor ambassador
    spokesman spokeswoman spokesperson director king queen prince pope coach""".split()
)
HEAD_END = re.compile(
    r"\b(?:of|for|in|at|from|with|on|to|by|against|who|that|which|whose|whom|including|during|after|before|about|among|behind|near|"
    r"inside|outside|as|when|where|while|speaking|quoted)\b|[,(;:—–]|\s-\s",
    re.IGNORECASE,
)


@dataclass
class Score:
    """Counts of an evaluation, and its errors by kind."""

    gold: int = 0
    found: int = 0
    content: int = 0
    attributed: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def f1(self) -> float:
        """The attributed F1."""
        return 2 * self.attributed / max(1, self.gold + self.found)

    @property
    def content_f1(self) -> float:
        """The F1 of content alone."""
        return 2 * self.content / max(1, self.gold + self.found)


def words_in(text: str, spans: Iterable[Sequence[int]]) -> frozenset[int]:
    """Where the words start that share a character with the spans, without a leading "that"."""
    starts = [m.start() for start, end in spans for m in WORD.finditer(text) if m.start() < end and m.end() > start]
    starts.sort()
    if len(starts) > 1 and text[starts[0] : starts[0] + 5].lower() in ("that ", "that\n"):
        starts = starts[1:]
    return frozenset(starts)


def agreement(one: frozenset[int], other: frozenset[int]) -> float:
    """The F1 of two sets of words."""
    common = len(one & other)
    return 2 * common / (len(one) + len(other)) if common else 0.0


def names_agree(name: str, accepted: Iterable[str]) -> bool:
    """Whether a name is one of those accepted: equal, or a part that shares the surname."""
    words = _name_words(name)
    for other in accepted:
        known = _name_words(other)
        mine, theirs = set(words), set(known)
        if not mine or not theirs:
            continue
        if mine == theirs or (words[-1] == known[-1] and (mine <= theirs or theirs <= mine)):
            return True
        if (len(theirs) > 1 and theirs <= mine) or (len(mine) > 1 and mine <= theirs):
            return True
        if len(mine) == 1 and known[0] == words[0] and len(words[0]) > 2:  # noqa: PLR2004 - an initial is no name
            return True
    return False


def _name_words(name: str) -> list[str]:
    words = [word.strip(".") for word in WORD.findall(plain(name))]
    return [word for word in words if word not in TITLES] or words


def add(score: Score, row: dict[str, Any], statements: Sequence[Statement]) -> None:
    """Compare the statements of one article with its gold row."""
    text = row["text"]
    gold = [a for a in row["attributions"] if a["speech"]]
    neutral = [words_in(text, a["content"]) for a in row["attributions"] if not a["speech"]]
    wanted = [words_in(text, a["content"]) for a in gold]
    found = [words_in(text, statement.content) for statement in statements]
    pairs = _matched(wanted, found)
    for at, statement in enumerate(found):
        if at in pairs.values() or not any(_covers(statement, other) for other in neutral):
            score.found += 1
            if at not in pairs.values() and not any(statement & other for other in wanted):
                score.errors[f"false: {statements[at].kind}"] += 1
    score.gold += len(gold)
    for number, attribution in enumerate(gold):
        if number not in pairs:
            score.errors[_miss(wanted, found, number) + ": " + attribution["type"]] += 1
            continue
        score.content += 1
        if speaker_agrees(text, attribution, statements[pairs[number]]):
            score.attributed += 1
        else:
            score.errors["wrong speaker: " + attribution["type"]] += 1


def _matched(wanted: Sequence[frozenset[int]], found: Sequence[frozenset[int]]) -> dict[int, int]:
    likeness = [(agreement(one, other), -i, -j) for i, one in enumerate(wanted) for j, other in enumerate(found)]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for value, i, j in sorted(likeness, reverse=True):
        if value >= STRICT and -i not in pairs and -j not in taken:
            pairs[-i] = -j
            taken.add(-j)
    return pairs


def _covers(statement: frozenset[int], other: frozenset[int]) -> bool:
    return agreement(statement, other) >= COVERED or (
        bool(statement) and len(statement & other) >= INSIDE * len(statement)
    )


def _miss(wanted: Sequence[frozenset[int]], found: Sequence[frozenset[int]], number: int) -> str:
    """Why a gold statement has no match."""
    mine = wanted[number]
    touching = [other for other in found if other & mine]
    if not touching:
        return "missed"
    best = max(touching, key=lambda other: agreement(mine, other))
    if sum(len(other & mine) >= 0.25 * len(mine) for other in touching) > 1:
        return "split"
    if any(i != number and len(other & best) >= COVERED * len(other) for i, other in enumerate(wanted)):
        return "merged with a neighbour"
    if best <= mine:
        return "too short"
    return "too long" if mine <= best else "shifted"


def speaker_agrees(text: str, attribution: dict[str, Any], statement: Statement) -> bool:
    """Whether the statement points at the gold source or names its person; gold without a source agrees with all."""
    if not attribution["source"]:
        return True
    if statement.speaker_span and _points_at(text, attribution["source"], statement.speaker_span):
        return True
    accepted = [attribution.get("speaker"), *(attribution.get("speaker_aliases") or [])]
    if attribution.get("source_kind") != "pronoun":
        accepted += [" ".join(text[start:end] for start, end in attribution["source"])]
    return names_agree(statement.speaker.name, [name for name in accepted if name])


def _points_at(text: str, source: Sequence[Sequence[int]], span: Span) -> bool:
    start, end = source[0]
    words = list(WORD.finditer(text, start, end))
    if words:
        cut = next((m.start() for m in HEAD_END.finditer(text, start, end) if m.start() > words[0].start()), end)
        head = [word for word in words if word.end() <= cut][-1:] or words[-1:]
        if span[0] < head[0].end() and span[1] > head[0].start():
            return True
    mine, theirs = words_in(text, source), words_in(text, [span])
    common = len(mine & theirs)
    return bool(common) and common >= 0.5 * min(len(mine), len(theirs)) and common >= 0.34 * max(len(mine), len(theirs))
