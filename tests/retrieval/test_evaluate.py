"""Golden questions put to an archive."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retrieval.archive import Archive
from retrieval.errors import GoldenError
from retrieval.evaluate import MEASURES, Outcome, Run, compare, load_run, run_golden, save_run
from retrieval.golden import load_golden
from retrieval.schema import Answer, Article, Citation, Ranked, Speaker
from retrieval.sentences import split

Make = Callable[..., Article]
GOLDEN = Path(__file__).parent.parent / "golden" / "sample.jsonl"
TEXT = "The bridge is shut. The ferry is full. The tram is late.\n"


class Scripted:
    """Stands in for an archive: answers with the sentence of a number, or declines."""

    def __init__(self, article: Article, script: dict[str, int | None], **fields: Any) -> None:
        self.sentences = split(article)
        self.script = script
        self.fields = fields
        self.asked: list[tuple[str, str | None]] = []

    def ask(self, text: str, *, article: str | None = None) -> Answer:
        """The scripted answer; sentences are ranked from the scripted one on."""
        self.asked.append((text, article))
        number = self.script[text]
        order = [*self.sentences[number or 0 :], *self.sentences[: number or 0]]
        return Answer(
            question=None,  # type: ignore[arg-type]
            found=number is not None,
            probability=0.5,
            citations=() if number is None else (cite(order[0].article, order[0].start, order[0].end),),
            ranked=tuple(Ranked(one, 0.5, 0.5) for one in order),
            **self.fields,
        )


def cite(article: Article, start: int, end: int) -> Citation:
    return Citation(article, start, end, 0.5, start, end)


def outcome(key: str, *, right: bool = True, **fields: Any) -> Outcome:
    values: dict[str, Any] = {"expected": ("x",), "given": "x", "place": 1} | fields
    return Outcome(key, f"{key}?", right=right, **values)


def evaluated(folder: Path, article: Article, rows: list[dict[str, Any]], archive: Scripted, **options: Any) -> Run:
    path = folder / "golden.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return run_golden(archive, load_golden(path, [article]).questions, **options)


def test_each_measure_counts_its_own(tmp_path: Path, make_article: Make) -> None:
    """Ranked, cited, declined; a question without an answer counts for declining and for precision only."""
    rows: list[dict[str, Any]] = [
        {"question": "right", "sentences": ["The bridge"]},
        {"question": "third", "sentences": ["The tram"]},
        {"question": "unsaid", "sentences": ["The bridge"]},
        {"question": "declined", "answer": None},
        {"question": "made up", "answer": None},
    ]
    script = {"right": 0, "third": 0, "unsaid": None, "declined": None, "made up": 1}
    article = make_article(TEXT)
    done: list[tuple[int, int]] = []
    run = evaluated(tmp_path, article, rows, Scripted(article, script), progress=lambda one, of: done.append((one, of)))
    counts = {name: (measure.count, measure.total) for name, measure in run.measures.items()}
    assert counts == {
        "right_at_1": (2, 3), "right_in_3": (3, 3), "right": (1, 3), "speakers": (0, 0), "verdicts": (0, 0),
        "declined": (1, 2), "precision": (1, 3),
    }  # fmt: skip
    assert set(counts) == set(MEASURES)
    assert [one.question for one in run.wrong] == ["third", "unsaid", "made up"]
    assert (run.wrong[0].expected, run.wrong[0].given) == (("The tram is late.",), "The bridge is shut.")
    assert done[-1] == (5, 5)
    assert run.below({"right": 0.5, "declined": 0.5, "speakers": 1.0}) == ("right",)


@pytest.mark.parametrize(
    ("speaker", "verdict", "sound"),
    [("Ana Ruiz", "yes", True), ("mayor ruiz", "yes", True), ("Colin Peake", "yes", False), ("Ana Ruiz", "no", False)],
)
def test_speaker_and_verdict(tmp_path: Path, make_article: Make, speaker: str, verdict: str, sound: bool) -> None:  # noqa: FBT001 - a parameter
    """The speaker by any of his names, and the very verdict, else something is wrong."""
    article = make_article(TEXT)
    ruiz = Speaker("ruiz", "Ana Ruiz", "person", aliases=("Mayor Ruiz",))
    row = {"question": "q", "sentences": ["The bridge"], "speaker": speaker, "verdict": verdict}
    run = evaluated(tmp_path, article, [row], Scripted(article, {"q": 0}, speaker=ruiz, verdict="yes"))
    assert run.outcomes[0].right
    assert run.outcomes[0].sound is sound
    assert (run.outcomes[0].speakers, run.outcomes[0].verdicts) == ((speaker, "Ana Ruiz"), (verdict, "yes"))


def test_a_question_may_be_asked_of_its_article_only(tmp_path: Path, make_article: Make) -> None:
    """Of all articles otherwise."""
    article = make_article(TEXT)
    archive = Scripted(article, {"q": 0})
    rows = [{"question": "q", "article": "a", "sentences": ["The bridge"]}]
    evaluated(tmp_path, article, rows, archive)
    evaluated(tmp_path, article, rows, archive, closed=True)
    assert archive.asked == [("q", None), ("q", "a")]


def test_a_question_that_cannot_be_asked_is_named(news: Path, open_archive: Callable[..., Archive]) -> None:
    """By its line."""
    archive = open_archive(news)
    archive.reload()
    (news / "golden.jsonl").write_text('\n{"question": "🎉", "answer": null}\n', encoding="utf-8")
    with pytest.raises(GoldenError, match="on line 2 cannot be asked: There are no words"):
        run_golden(archive, load_golden(news / "golden.jsonl", archive.articles).questions)


def test_a_run_is_kept_and_compared(tmp_path: Path) -> None:
    """What got better, what got worse, what is new and what is gone."""
    before = Run((outcome("a"), outcome("b", right=False), outcome("c"), outcome("gone")))
    save_run(before, tmp_path / "run.json")
    assert load_run(tmp_path / "run.json") == before
    wrong_verdict = outcome("a", verdicts=("yes", "no"))
    found = compare(load_run(tmp_path / "run.json"), Run((wrong_verdict, outcome("b"), outcome("c"), outcome("new"))))
    assert [now.key for _, now in found.better] == ["b"]
    assert found.worse == ((outcome("a"), wrong_verdict),)
    assert (found.new, found.gone) == (1, 1)


def test_runs_that_cannot_be_used(tmp_path: Path) -> None:
    """Not there, not a run, not to be written."""
    with pytest.raises(GoldenError, match="cannot be read"):
        load_run(tmp_path / "none.json")
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    with pytest.raises(GoldenError, match="is not a run"):
        load_run(tmp_path / "other.json")
    with pytest.raises(GoldenError, match="cannot be saved"):
        save_run(Run(()), tmp_path / "none" / "run.json")


def test_the_sample_articles_are_answered_as_well_as_their_golden_file_asks(sample_archive: Archive) -> None:
    """With the models that ship; the bounds are the first line of tests/golden/sample.jsonl."""
    golden = load_golden(GOLDEN, sample_archive.articles)
    assert set(golden.bounds) == set(MEASURES)
    run = run_golden(sample_archive, golden.questions)
    below = {name: run.measures[name] for name in run.below(golden.bounds)}
    assert below == {}, "\n".join(f"{one.question} → {one.given}" for one in run.wrong)
