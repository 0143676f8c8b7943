"""What the ranker is trained to lower: what is not known of a window counts neither way."""

from dataclasses import replace

import pytest
import torch

from retrieval.reader import SLOTS, UNUSED, Scores
from retrieval.training.ranker_labels import Targets
from retrieval.training.ranker_train import losses, share_right

GROUPS, TOKENS, SENTENCES = 2, 6, 3
UNKNOWN = Targets(
    gold=torch.zeros(GROUPS, 2 * SLOTS),
    start=torch.full((GROUPS,), -1),
    end=torch.full((GROUPS,), -1),
    doubts=torch.full((2 * GROUPS, TOKENS), -1.0),
    missed=torch.full((2 * GROUPS,), -1.0),
)


@pytest.fixture
def scores() -> Scores:
    """Of windows of three sentences each, the first group's second sentence before all others."""
    torch.manual_seed(0)
    order, answers = (torch.full((2 * GROUPS, SLOTS), UNUSED) for _ in range(2))
    order[:, :SENTENCES], answers[:, :SENTENCES] = 0.0, torch.randn(2 * GROUPS, SENTENCES)
    order[0, 1] = 1.0
    return Scores(order, answers, *(torch.randn(2 * GROUPS, TOKENS) for _ in range(3)))


def marked(like: torch.Tensor, *places: tuple[int, int]) -> torch.Tensor:
    """The tensor with 1 at these places."""
    found = like.clone()
    for place in places:
        found[place] = 1
    return found


def test_what_is_unknown_lowers_nothing(scores: Scores) -> None:
    """Without an answerable question there is no order to learn, and without labels no span and no doubt."""
    found = losses(scores, UNKNOWN)
    assert {name for name, loss in found.items() if loss == 0} == {"listwise", "against", "span", "word", "miss"}
    assert share_right(scores, UNKNOWN) == 0


def test_unknown_doubts_count_neither_way(scores: Scores) -> None:
    """One known word gives the loss of that word alone, whatever is said of the others."""
    known = replace(UNKNOWN, doubts=marked(UNKNOWN.doubts, (1, 2)))
    alone = torch.nn.functional.softplus(-scores.doubts[1, 2])
    others = marked(torch.zeros(2 * GROUPS, TOKENS), (1, 2))
    for doubts in (scores.doubts, torch.where(others > 0, scores.doubts, 7.0)):
        assert torch.isclose(losses(replace(scores, doubts=doubts), known)["word"], alone)


def test_the_greatest_doubt_tells_of_a_miss(scores: Scores) -> None:
    """Of windows that nearly answer, by the most doubted word."""
    known = replace(UNKNOWN, missed=torch.tensor([1.0, -1.0, -1.0, 0.0]))
    miss = (
        torch.nn.functional.softplus(-scores.doubts[0].max()) + torch.nn.functional.softplus(scores.doubts[3].max())
    ) / 2
    assert torch.isclose(losses(scores, known)["miss"], miss)


@pytest.mark.parametrize(("slot", "share"), [(1, 1), (0, 0), (SLOTS, 0)])
def test_only_answerable_questions_have_a_right_first_sentence(scores: Scores, slot: int, share: float) -> None:
    """Wherever the group's right sentence is, in its first window or its second."""
    known = replace(UNKNOWN, gold=marked(UNKNOWN.gold, (0, slot)))
    assert share_right(scores, known) == share
    assert losses(scores, known)["listwise"] > 0
