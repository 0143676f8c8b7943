"""The report: its figures are the share of questions whose right sentence comes first, and its pictures open."""

import json
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from retrieval.encoder import digest
from retrieval.reading import FOLDER, VERIFIER
from retrieval.training.accuracy import BINS, Measured, Outcome, accuracy_table
from retrieval.training.question_sets import Asked, QuestionSet, auroc
from retrieval.training.report import FIRST, MARKS, Parts, measured_sets, with_figures, write
from retrieval.training.systems import SHIPPED, Index, by_bm25, by_vectors
from tests.conftest import NEWS, HashingEmbedder, PatternReader

ROOT = Path(__file__).parents[3]
KEPT = ROOT / "retrieval/models/ranker/accuracy/report.json"
README = "Before.\n\n<!-- figures: how -->\nold\n<!-- end of figures -->\n\nAfter.\n"
# Of each question its article and what answers it; None where nothing does.
ASKED = {
    "How many passengers did the ferry from Harlow Quay carry in June?": (
        "ferry",
        "The ferry from Harlow Quay carried",
    ),
    "What did the repair cost?": ("bridge", "She added that the repair had cost £3.1m."),
    "Who had found cracks in a second pier?": ("bridge", "Divers had found cracks in a\nsecond pier."),
    "Which airline flies to Lisbon?": ("ferry", None),
}


@pytest.fixture
def qa_set(tmp_path: Path) -> Path:
    """A set of two articles and four questions, one of which nothing answers."""
    folder = tmp_path / "small"
    folder.mkdir()
    articles = [{"id": name, "text": text} for name, text in NEWS.items()]
    questions = [_row(question, *place) for question, place in ASKED.items()]
    for name, listed in (("articles", articles), ("questions", questions)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, listed)) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def measured(qa_set: Path) -> list[Measured]:
    """Every system on that set, without weights."""
    return measured_sets([qa_set], Parts(HashingEmbedder(), "none", PatternReader()))


def _row(question: str, article: str, answer: str | None) -> dict[str, Any]:
    start = NEWS[article].index(answer) if answer else 0
    spans = [[start, start + len(answer)]] if answer else []
    return {"article_id": article, "question": question, "answer_spans": spans, "answerable": bool(answer)}


def _outcomes(*given: tuple[bool, int | None, float, bool | None, bool]) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(can, place, sure, answered, right, 10.0 * turn)
        for turn, (can, place, sure, answered, right) in enumerate(given, 1)
    )


def test_a_place_is_right_with_half_of_the_shorter() -> None:
    """It is right in the right article with half of the shorter of it and the span, and not beyond 700 characters."""
    asked = Asked("?", "a", ((100, 200),), answerable=True)
    assert asked.is_answered_by(("a", 150, 300))
    assert not asked.is_answered_by(("a", 151, 300))
    assert not asked.is_answered_by(("b", 100, 200))
    assert asked.is_answered_by(("a", 100, 800))
    assert not asked.is_answered_by(("a", 100, 801))
    assert not Asked("?", "a", (), answerable=False).is_answered_by(("a", 100, 200))


def test_a_limit_draws_the_same_questions_again(qa_set: Path) -> None:
    """Two readings with the same limit ask the same questions, so that runs compare."""
    drawn = [QuestionSet.read(qa_set, limit=2).questions for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 2


def test_figures_are_shares_of_outcomes() -> None:
    """Each figure counts what it says: first and in three of the answerable, right of the answered, the median time."""
    outcomes = _outcomes(
        (True, 1, 0.9, True, True),
        (True, 3, 0.8, True, False),
        (True, None, 0.1, False, False),
        (True, 1, 0.4, False, True),
        (False, None, 0.4, True, False),
    )
    found = Measured("small", "open", "fused", context=True, outcomes=outcomes).figures
    assert astuple(found) == pytest.approx((0.5, 0.49, 0.75, 0.6, 1 / 3, 2.5 / 4, 30.0))


def test_nothing_to_count_is_no_figure() -> None:
    """A set without unanswerable questions has no AUROC, and a system that never declines answers no share."""
    outcomes = _outcomes((True, 1, 3.0, None, True))
    found = Measured("small", "open", "BM25", context=False, outcomes=outcomes).figures
    assert (found.auroc, found.answered, found.right_of_answered) == (None, None, None)


def test_calibration_is_off_by_the_distance_of_probability_and_share() -> None:
    """Four answers given .75, of which two are right, are off by .25 and stand in one bin."""
    given = [(True, 1, 0.75, True, True)] * 2 + [(True, 2, 0.75, True, False)] * 2
    measured = Measured("small", "open", SHIPPED, context=True, outcomes=_outcomes(*given))
    bins = measured.bins()
    assert bins.shape == (BINS, 3)
    assert bins[7].tolist() == [4, 0.75, 0.5]
    assert measured.calibration_error() == 0.25


def test_a_certain_probability_has_a_bin() -> None:
    """A probability of one falls into the last bin, not behind it."""
    outcomes = _outcomes((True, 1, 1.0, True, True))
    assert Measured("small", "open", SHIPPED, context=True, outcomes=outcomes).bins()[-1].tolist() == [1, 1, 1]


def test_auroc_is_the_chance_of_standing_above() -> None:
    """Of four pairs one is the wrong way round and one even: 2.5 of 4."""
    assert auroc([0.9, 0.4], [0.5, 0.4]) == 2.5 / 4


def test_every_system_is_measured_in_both_modes(measured: list[Measured]) -> None:
    """Vectors, BM25, fused and reranked with and without context and the whole, each of one article and of all."""
    named = [(one.system, one.context, one.mode) for one in measured]
    assert len(named) == len(set(named)) == 18
    assert all(len(one.outcomes) == len(ASKED) for one in measured)


def test_the_right_sentences_are_found(measured: list[Measured]) -> None:
    """Questions in the words of their sentences are answered by every system that fuses, with and without context."""
    for one in measured:
        if one.system.startswith("fused") or one.system == SHIPPED:
            assert one.figures.right_at_1 == 1.0, (one.system, one.mode)


def test_alone_a_sentence_has_no_neighbours(qa_set: Path) -> None:
    """Without context BM25 gives a sentence nothing of its neighbours' words, but finds the same place."""
    articles = QuestionSet.read(qa_set).articles
    whole, alone = (Index.over(articles, HashingEmbedder(), context=context) for context in (True, False))
    scores = [index.retriever.bm25("cracks") for index in (whole, alone)]
    assert [int((own > 0).sum()) for own in scores] == [3, 1]
    assert by_bm25(whole)("cracks", None).places[0] == by_bm25(alone)("cracks", None).places[0]


def test_one_article_asked_gives_its_sentences_only(qa_set: Path) -> None:
    """Closed, no system gives a place in another article."""
    index = Index.over(QuestionSet.read(qa_set).articles, HashingEmbedder())
    for ask in (by_bm25(index), by_vectors(index)):
        assert {article for article, _, _ in ask("Harlow Quay", "ferry").places} == {"ferry"}
        assert {article for article, _, _ in ask("Harlow Quay", None).places} == {"ferry", "bridge"}


def test_tables_show_the_figures(measured: list[Measured], tmp_path: Path) -> None:
    """The table in Markdown and the figures in JSON hold what was measured."""
    write(tmp_path / "out", measured, {"ranker": "none"})
    page = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    kept = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert accuracy_table(measured) in page
    assert "4 questions, 3 of them answerable" in page
    assert "| fused | yes | 1.000 / 1.000 | 1.000 / 1.000 |" in page
    assert [one["right_at_1"] for one in kept["figures"]] == [round(one.figures.right_at_1 or 0, 4) for one in measured]


def test_pictures_open(measured: list[Measured], tmp_path: Path) -> None:
    """Both pictures are PNGs wide enough to read."""
    write(tmp_path, measured, {})
    for name in ("reliability.png", "latency.png"):
        with Image.open(tmp_path / name) as picture:
            picture.load()
            assert picture.format == "PNG"
            assert picture.width >= 500


def test_a_readme_gets_the_figures_between_its_marks(measured: list[Measured]) -> None:
    """What stands between the marks becomes the table of the systems shown and the pictures, and the rest stays."""
    found = with_figures(README, measured, "retrieval/models/ranker/accuracy")
    assert found.startswith("Before.\n\n<!-- figures: how -->\n| ")
    assert found.endswith("\n<!-- end of figures -->\n\nAfter.\n")
    assert "old" not in found
    assert all(f"\n| {name}" in found for name, _ in FIRST)
    assert "(retrieval/models/ranker/accuracy/latency.png)" in found
    assert with_figures(found, measured, "retrieval/models/ranker/accuracy") == found


def test_a_readme_without_marks_is_refused(measured: Sequence[Measured]) -> None:
    """Figures are put nowhere where no place is marked for them."""
    with pytest.raises(ValueError, match="no place for figures"):
        with_figures("Before.\n", measured, "accuracy")


def test_the_readme_has_a_place_for_figures(measured: list[Measured]) -> None:
    """The project's README takes them."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(retrieval/models/ranker/accuracy/reliability.png)" in with_figures(
        readme, measured, "retrieval/models/ranker/accuracy"
    )


def test_the_report_kept_is_of_the_weights_shipped() -> None:
    """The report kept was measured with the weights that are shipped, and the README shows its figures."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    for one in (FOLDER, VERIFIER):
        assert digest(one / "weights.safetensors").startswith(kept["made_with"][f"{one.name} weights"])
    shown = MARKS.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown
    for one in (one for one in kept["figures"] if one["system"] == SHIPPED):
        assert f"{one['right_at_1']:.3f}".removeprefix("0") in shown[0]
