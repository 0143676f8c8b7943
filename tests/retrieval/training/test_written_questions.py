"""Our own questions that nearly have an answer, and how they are trained on."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoder import tokenizer
from retrieval.reader import WINDOW, Batch
from retrieval.training.ranker_batches import FAR, NEAR, Batches, Negatives
from retrieval.training.ranker_examples import (
    QUESTIONS,
    Collection,
    Example,
    add_nqg,
    add_texts,
    add_written,
    fields,
    our_news,
)
from retrieval.training.ranker_labels import Targets, differing
from retrieval.training.ranker_train import AIMS, CORPUS

TOKENS = 16 * WINDOW


@pytest.fixture(scope="module")
def news() -> Collection:
    """Our news but for what is held out, with the further questions."""
    return our_news(CORPUS, held_out=False)


def test_every_question_on_news_finds_its_sentence(news: Collection) -> None:
    """All lines of the file become examples; those that are answered have a sentence, the others one they play on."""
    written = [example for example in news.examples if example.source == "news"]
    assert len(written) == sum(1 for _ in fields(QUESTIONS / "news.tsv"))
    assert all(bool(example.gold) != (example.about is not None) for example in written)
    assert 0.4 < np.mean([not example.gold for example in written]) < 0.7


def test_questions_on_encyclopaedia_sentences_are_well_formed() -> None:
    """A number, a sign and a question of some words; about half of them have no answer."""
    lines = list(fields(QUESTIONS / "wikipedia.tsv"))
    assert len(lines) > 20_000
    assert all(len(line) == 3 and line[1] in "+-" and len(line[2].split()) > 2 for line in lines)
    assert 0.4 < np.mean([line[1] == "-" for line in lines]) < 0.7


def test_questions_on_other_texts_are_well_formed() -> None:
    """A text, a sign, how a sentence begins, and a question of some words; about half of them have no answer."""
    lines = list(fields(QUESTIONS / "texts.tsv"))
    assert len(lines) > 20_000
    assert all(len(line) == 4 and line[1] in "+-" and len(line[3].split()) > 2 for line in lines)
    assert 0.4 < np.mean([line[1] == "-" for line in lines]) < 0.7


def test_a_page_of_sentences_is_one_document(tmp_path: Path) -> None:
    """Sentences named PAGE:paragraph:number stand in their order, whatever order they come in; others are left out."""
    page = next(line[0] for line in fields(QUESTIONS / "texts.tsv") if line[0].startswith("qasrl"))
    given = [(f"{page}:2:0", "Third."), (f"{page}:0:10", "Second."), (f"{page}:0:9", "First."), ("other:0:0", "No.")]
    path = tmp_path / "texts.jsonl"
    path.write_text("\n".join(json.dumps({"id": i, "text": t}) for i, t in given), encoding="utf-8")
    collection = Collection([], [])
    add_texts(collection, path)
    assert [(one.id, one.texts) for one in collection.documents] == [(page, ("First.", "Second.", "Third."))]


def test_written_questions_belong_to_the_sentence_that_they_number(tmp_path: Path) -> None:
    """A question is an example of its sentence, answered by it or only about it."""
    numbers = list(dict.fromkeys(line[0] for line in fields(QUESTIONS / "wikipedia.tsv")))
    rows = ({"id": f"nqg-{n}", "sentence": f"sentence {n}.", "question": f"question {n}?"} for n in numbers)
    (tmp_path / "nqg.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    collection = Collection([], [])
    add_written(collection, add_nqg(collection, tmp_path / "nqg.jsonl"))
    written = [example for example in collection.examples if example.source == "written"]
    for (number, sign, question), example in zip(fields(QUESTIONS / "wikipedia.tsv"), written, strict=True):
        place = example.gold[0] if sign == "+" else example.about
        assert place is not None
        assert (example.question, bool(example.gold)) == (question, sign == "+")
        assert collection.documents[example.document].texts[place] == f"sentence {number}."


def drawn(examples: list[Example], collection: Collection) -> Iterator[tuple[Batch, Targets]]:
    """Batches of a few examples."""
    count = len(examples)
    near = np.full((count, NEAR), 2, dtype=np.int32)
    far = np.zeros((count, FAR, 2), dtype=np.int32)
    whole = Collection(collection.documents, examples)
    batches = Batches(whole, Negatives(near, far), {}, AIMS["ranker"].shares, seed=1).batches(TOKENS)
    return islice(batches, 20)


def answering(examples: list[Example], collection: Collection) -> Iterator[tuple[bool, bool]]:
    """Of many groups, whether each of the two windows answers."""
    for _, targets in drawn(examples, collection):
        half = targets.gold.shape[1] // 2
        for gold in targets.gold:
            yield bool(gold[:half].any()), bool(gold[half:].any())


def test_a_question_without_an_answer_stands_beside_one_with_it(news: Collection) -> None:
    """It comes alone, with no window that answers, and beside a question that its sentence answers."""
    false = next(example for example in news.examples if example.about is not None)
    assert false.about is not None
    true = Example("news", "What does the sentence say?", false.document, (false.about,))
    seen = set(answering([false, true], news))
    assert {(False, False), (False, True), (True, False)} <= seen
    assert (False, True) not in set(answering([false], news))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who founded the second ferry?", ["second"]),
        ("When did the ferry not begin?", []),
        ("Who sold the only ferry?", ["sold", "only"]),
        ("who founded the ferry", []),
    ],
)
def test_words_that_another_question_lacks_are_found(question: str, words: list[str]) -> None:
    """What stands in place of other words or between them; nothing where the questions are not much alike."""
    places = differing(question, "Who founded the ferry?")
    assert " ".join(question[start:end] for start, end in places).split() == words


def test_only_the_words_that_make_it_unanswerable_are_doubted(news: Collection) -> None:
    """Beside the question that it was made of, all others are borne out; every word is where a window answers."""
    some = next(example for example in news.examples if example.gold)
    true = replace(some, question="Who founded the ferry company?")
    false = replace(some, question="Who founded the second ferry company?", gold=(), short=None, about=some.gold[0])
    doubted: set[str] = set()
    for batch, targets in drawn([false, true], news):
        for ids, doubts, missed in zip(batch.ids, targets.doubts, targets.missed, strict=True):
            doubted.update(tokenizer().convert_ids_to_tokens(ids[doubts == 1].tolist()))
            assert missed == 1 or not (doubts == 1).any()
            assert missed != 0 or (doubts == 0).any()
    assert doubted == {"second"}


def test_windows_of_like_length_are_put_together(news: Collection) -> None:
    """No batch holds more tokens than were asked for, and some are of short windows only."""
    count = len(news.examples)
    negatives = Negatives(np.zeros((count, NEAR), dtype=np.int32), np.zeros((count, FAR, 2), dtype=np.int32))
    batches = Batches(news, negatives, {}, AIMS["ranker"].shares, seed=1).batches(TOKENS)
    shapes = [next(batches)[0].ids.shape for _ in range(40)]
    assert max(rows * length for rows, length in shapes) <= TOKENS
    assert min(length for _, length in shapes) < WINDOW == max(length for _, length in shapes)
