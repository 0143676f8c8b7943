"""Which sentence comes first, how probable it is, and which of its words answer."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval import rank
from retrieval.errors import ModelError
from retrieval.plan import Plan, Sentences, before_and_after
from retrieval.rank import CrossEncoderRanker, ScoreRanker, load_ranker
from retrieval.reader import SENTENCE, WINDOW, Window, reach
from retrieval.reading import BundledRanker, best_span, leads, whole_quantity
from retrieval.schema import Article, Hit, Sentence
from retrieval.sentences import split

TEXT = (
    "The swing bridge at Harlow Quay will stay shut until October. Divers had found cracks in a second pier. "
    "Mayor Ana Ruiz said that nobody wanted the delay. She added that the repair had cost £3.1m. "
    "The ferry carried 12,400 passengers in June, twice as many as a year earlier."
)


@pytest.fixture
def hits(make_article: Callable[..., Article]) -> list[Hit]:
    """All sentences of an article, the last one found first."""
    return found(split(make_article(TEXT)))


@pytest.fixture(scope="module")
def bundled() -> BundledRanker:
    """The ranker that the package ships."""
    return BundledRanker.load()


def found(sentences: Sequence[Sentence]) -> list[Hit]:
    """Hits over sentences, scored from the last to the first."""
    around = [None, *sentences, None]
    made = [Hit(one, number / 10, 0.5, 1.0, around[number], around[number + 2]) for number, one in enumerate(sentences)]
    return made[::-1]


def test_score_ranker_keeps_the_order_of_retrieval(hits: list[Hit]) -> None:
    """Without a ranker the fused score decides."""
    ranked = ScoreRanker().rank([("anything", hits[::-1])])[0]

    assert [one.sentence for one in ranked] == [hit.sentence for hit in hits]
    assert all(0 < one.probability < 1 and one.short is None for one in ranked)


def test_cross_encoder_scores_each_pair_of_every_question(hits: list[Hit], monkeypatch: pytest.MonkeyPatch) -> None:
    """A cross-encoder sees (question, sentence) pairs of all questions at once, and its score orders."""
    seen: list[tuple[str, str]] = []

    class Fake:
        def predict(self, pairs: list[tuple[str, str]], **_: object) -> list[float]:
            seen.extend(pairs)
            return [float("bridge" in text) for _, text in pairs]

    monkeypatch.setattr(rank, "_cross_encoder", lambda _: Fake())

    ranked = CrossEncoderRanker("fake").rank([("Is the bridge shut?", hits), ("none", []), ("And now?", hits[:1])])

    assert ranked[0][0].sentence.number == 0
    assert [len(own) for own in ranked] == [5, 0, 1]
    assert seen[-1] == ("And now?", hits[0].sentence.text)


def test_load_ranker_names_the_folder_that_is_not_there(tmp_path: Path) -> None:
    """A ranker that does not exist is an error that names it."""
    with pytest.raises(ModelError, match="no model folder"):
        load_ranker(str(tmp_path / "absent"))


def test_load_ranker_without_one_is_retrieval_alone() -> None:
    """`none` needs no weights."""
    assert load_ranker("none", candidates=7).candidates == 7


def test_load_refuses_weights_that_were_changed(tmp_path: Path) -> None:
    """A file that is not the one of SHA256SUMS is never loaded."""
    (tmp_path / "weights.safetensors").write_bytes(b"other")

    with pytest.raises(ModelError):
        BundledRanker.load(tmp_path)


def test_reach_fills_a_window_on_both_sides() -> None:
    """The run grows around its centre until the next sentence would not fit."""
    sentences = {number: [number] * 20 for number in range(20)}

    first, last = reach([1] * 10, sentences, 10, before_and_after())
    window = Window.build([1] * 10, sentences, first, last)

    assert first < 10 < last
    assert WINDOW - 21 < len(window.ids) <= WINDOW


def test_reach_stops_at_what_is_unknown_or_taken() -> None:
    """A window never leaps over a sentence."""
    sentences = {number: [number] * 5 for number in (1, 2, 3, 4, 6)}

    assert reach([1], sentences, 3, before_and_after(), stop={1}) == (2, 4)


def test_window_marks_each_sentence() -> None:
    """Every sentence stands between its start and its end, over-long ones cut."""
    window = Window.build([7], {0: [8, 9], 1: [5] * 400}, 0, 1)

    assert window.ids[window.starts[0] : window.ends[0]] == [8, 9]
    assert window.ends[1] - window.starts[1] == SENTENCE


def test_best_span_never_ends_before_it_starts() -> None:
    """The best start and end count only in that order."""
    starts, ends = np.array([0.0, 0.0, 9.0], np.float32), np.array([9.0, 1.0, 0.0], np.float32)

    assert best_span(starts, ends) == (9.0, (0, 0))
    assert best_span(starts[:0], ends[:0]) == (0.0, (0, 0))


@pytest.mark.parametrize(
    ("text", "short", "whole"),
    [
        ("It had lasted about an hour and a half.", "about an hour", "about an hour and a half"),
        ("After 21 hours and 36 minutes they left.", "21 hours", "21 hours and 36 minutes"),
        ("It took two years and three months.", "two years", "two years and three months"),
        ("Ruiz and Peake met an hour and left.", "an hour", "an hour"),
        ("It cost 5 pounds and Ruiz paid.", "5 pounds", "5 pounds"),
        ("Ruiz and two others left.", "Ruiz", "Ruiz"),
    ],
)
def test_a_quantity_is_not_cut_in_half(text: str, short: str, whole: str) -> None:
    """A short answer that is the first part of a quantity goes on to its end; nothing else does."""
    start = text.index(short)
    assert text[start : whole_quantity(text, start, start + len(short))] == whole


def test_leads_are_the_log_odds_of_the_softmax() -> None:
    """Of two equals neither leads."""
    assert leads(np.array([2.0, 2.0])) == pytest.approx([0, 0])
    assert leads(np.array([])).shape == (0,)


def test_plan_reads_each_sentence_once(hits: list[Hit]) -> None:
    """Hits that are neighbours share a window."""
    plan = Plan("Why is the bridge shut?", hits, Sentences())

    numbers = [n for _, window in plan.windows for n in range(window.first, window.first + len(window.starts))]
    assert sorted(numbers) == [0, 1, 2, 3, 4]


def test_plan_stays_within_its_tokens(make_article: Callable[..., Article], monkeypatch: pytest.MonkeyPatch) -> None:
    """However many hits there are, no more is read than a question may cost."""
    monkeypatch.setattr("retrieval.plan.MAX_TOKENS", 250)
    plan = Plan("Who?", found(split(make_article("The mayor said so to the council on Monday. " * 60))), Sentences())

    assert 100 < sum(len(window.ids) for _, window in plan.windows) <= 250


def test_bundled_puts_the_answer_first(bundled: BundledRanker, hits: list[Hit]) -> None:
    """The sentence that answers leads, with the words that do."""
    ranked = bundled.rank([("How much did the repair of the bridge cost?", hits)])[0]

    assert ranked[0].sentence.number == 3
    assert ranked[0].short is not None
    assert "3.1m" in TEXT[slice(*ranked[0].short)]


def test_bundled_reads_no_more_than_so_many_tokens(
    bundled: BundledRanker, make_article: Callable[..., Article]
) -> None:
    """The best hits are read; those that there is no room for come last, in retrieval's order."""
    filler = "The council met on Monday, and many people of the town came to hear what it had to say about the roads. "
    many = found(split(make_article("The repair of the bridge cost £3.1m. " + filler * 30)))
    ranked = bundled.rank([("How much did the repair of the bridge cost?", many)])[0]
    unread = [one for one in ranked if one.probability == 0]

    assert 10 < len(unread) < len(ranked)
    assert ranked[-len(unread) :] == unread
    left = [one.sentence for one in unread]
    assert many[0].sentence not in left
    assert left == [hit.sentence for hit in many if hit.sentence in left]


def test_bundled_looks_twice_at_the_first_and_its_neighbours(
    bundled: BundledRanker, make_article: Callable[..., Article]
) -> None:
    """A second look changes how probable the first sentence and those beside it are, and neither order nor the rest."""
    filler = "The council met on Monday, and many people of the town came to hear what it had to say about the roads. "
    many = [
        ("How much did the repair of the bridge cost?", found(split(make_article(f"It cost £3.1m. {filler * 12}"))))
    ]
    once, twice = bundled.rank(many, verify=False)[0], bundled.rank(many)[0]
    looked = [one.sentence.number for one, other in zip(once, twice, strict=True) if one != other]

    assert [(one.sentence, one.score) for one in once] == [(one.sentence, one.score) for one in twice]
    assert once[0].sentence.number in looked
    assert len(looked) < len([one for one in once if one.probability > 0])
    assert max(looked) - min(looked) == len(looked) - 1


@pytest.mark.parametrize("question", ["龘龘龘", "[SEP]", "[SEP] [CLS]"])
def test_bundled_answers_nothing_that_it_cannot_read(bundled: BundledRanker, hits: list[Hit], question: str) -> None:
    """Where there is no word that can be doubted nothing is sure."""
    assert max(one.probability for one in bundled.rank([(question, hits)])[0]) < 0.5


def test_bundled_shorts_are_slices_of_their_sentences(bundled: BundledRanker, hits: list[Hit]) -> None:
    """A short answer never leaves its citation."""
    for one in bundled.rank([("Who spoke, and when?", hits)])[0]:
        assert one.short is not None
        assert one.sentence.start <= one.short[0] < one.short[1] <= one.sentence.end


def test_bundled_ranks_together_as_alone(bundled: BundledRanker, hits: list[Hit]) -> None:
    """Questions that come at the same time do not change each other's answers."""
    questions = ["How much did it cost?", "Who was against the delay?", "How many used the ferry?"]
    together = bundled.rank([(question, hits) for question in questions])

    for question, own in zip(questions, together, strict=True):
        alone = bundled.rank([(question, hits)])[0]
        assert [one.sentence for one in own] == [one.sentence for one in alone]
        assert own[0].probability == pytest.approx(alone[0].probability, abs=0.05)


def test_bundled_is_less_sure_of_what_is_not_said(bundled: BundledRanker, hits: list[Hit]) -> None:
    """A question that no sentence answers gets a lower probability than one that a sentence does."""
    said, unsaid = bundled.rank(
        [("How many passengers did the ferry carry in June?", hits), ("Who built the airport of Lagos?", hits)]
    )

    assert said[0].probability > 0.5 > unsaid[0].probability


def test_bundled_takes_any_text_for_a_question(bundled: BundledRanker, hits: list[Hit]) -> None:
    """No question and no hit list breaks it."""
    ranked = bundled.rank([("", hits), ("?" * 3000, hits), ("who", []), ("وماذا قال؟", hits)])

    assert [len(own) for own in ranked] == [5, 5, 0, 5]
