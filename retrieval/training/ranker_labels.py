"""What a batch of windows should give, and which words make a question unanswerable.

Knows nothing of how windows are drawn.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import torch

from retrieval.reader import QUESTION
from retrieval.training.ranker_examples import Span

# Where questions are so much alike (twice what they share, of all their words and marks), the rest is what differs.
ALIKE = 0.7
WORDS = re.compile(r"[\w’']+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Targets:
    """What a batch of groups should give; a group is two windows.

    `gold` (groups, 2 * SLOTS) marks the sentences that answer, `start` and `end` (groups,) are token places in the
    first window, -1 where unknown. Of all windows `doubts` (2 * groups, tokens) marks the words of the question that
    they do not bear out and `missed` (2 * groups,) those that nearly answer, both -1 where unknown.
    """

    gold: torch.Tensor
    start: torch.Tensor
    end: torch.Tensor
    doubts: torch.Tensor
    missed: torch.Tensor


@dataclass(frozen=True, slots=True)
class Label:
    """How a question stands to a window: which of its tokens are doubted, None where unknown; whether it is missed.

    No token is doubted where the window answers. `missed` is 1 where it nearly does, 0 where it does, -1 elsewhere.
    """

    doubts: Sequence[int] | None = None
    missed: int = -1

    @classmethod
    def answered(cls, question: Sequence[int]) -> "Label":
        """Of a question of these tokens that the window answers."""
        return cls([0] * len(question[:QUESTION]), 0)

    @classmethod
    def missing(cls, places: Sequence[Span], amiss: Sequence[Span]) -> "Label":
        """Of a question that is missed: where its tokens stand, and what of it is amiss; nothing where none knows."""
        doubts = [int(any(start < e and end > s for s, e in amiss)) for start, end in places]
        return cls(doubts if any(doubts) else None, 1)


def differing(question: str, other: str) -> list[Span]:
    """Where a question has other words than one that is much like it; nothing where it is not."""
    words = list(WORDS.finditer(question))
    own, others = [word.group().lower() for word in words], [word.lower() for word in WORDS.findall(other)]
    matcher = SequenceMatcher(None, others, own, autojunk=False)
    if matcher.ratio() < ALIKE:
        return []
    changes = (found[3:] for found in matcher.get_opcodes() if found[0] in ("insert", "replace"))
    changed = (word for begin, end in changes for word in words[begin:end])
    return [word.span() for word in changed if word.group()[0].isalnum()]
