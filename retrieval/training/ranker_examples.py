"""Questions whose answering sentence is known, from every source the ranker is trained on, in one form.

Knows the sources' files and how unanswerable questions are made of answerable ones; knows nothing of models.
"""

import json
import logging
import random
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from retrieval.schema import Article
from retrieval.sentences import split
from retrieval.training import newsroom

NQG_DOCUMENT = 60  # sentences; nqg lists its sentences in the articles' order, but not where an article ends
QAMR_DOCUMENT = 24  # sentences
QAMR_QUESTIONS = 14  # taken of a sentence, of 35
HELD_OUT = 10  # every tenth newsroom article is kept for validation
WORD = re.compile(r"\w[\w’'-]*")
PLACE = re.compile(r":(\d+):(\d+)\Z")
FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a about an and are as at be been by can did do does for from had has have he her him his how i in is it its"
        " me of on or our please she tell that the their them they this to was we were what when where which who whom"
        " whose why will with would you",
    )
)

QUESTIONS = Path(__file__).parent / "questions"

Span = tuple[int, int]
Place = tuple[int, int]  # a document and a sentence of it
Row = dict[str, Any]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Document:
    """Sentences in order; `texts` are theirs."""

    id: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question put to a document; `gold` are the sentences that answer, none when the document does not.

    `short` is the answer's own words within the sentence `gold[0]`, where they are known. `about` is the sentence that
    an unanswerable question was written to be taken for.
    """

    source: str
    question: str
    document: int
    gold: tuple[int, ...]
    short: Span | None = None
    about: int | None = None


@dataclass(slots=True)
class Collection:
    """Documents and the examples over them."""

    documents: list[Document]
    examples: list[Example]

    def add(self, document: Document) -> int:
        """Keep a document; returns its number."""
        self.documents.append(document)
        return len(self.documents) - 1


def public_sets(folder: Path, texts: Path) -> Collection:
    """The public sets with our questions on them.

    Args:
        folder: Holds nqg.jsonl, qamr.jsonl, qed.jsonl and squad2_train.
        texts: Texts without questions, as JSON lines of `id` and `text`; sentences `PAGE:paragraph:number` of a page
            are one.
    """
    collection = Collection([], [])
    add_set(collection, folder / "squad2_train", "squad2")
    add_texts(collection, texts)
    add_written_on(collection, QUESTIONS / "texts.tsv", "texts")
    add_written(collection, add_nqg(collection, folder / "nqg.jsonl"))
    add_qamr(collection, folder / "qamr.jsonl")
    add_qed(collection, folder / "qed.jsonl")
    return collection


def our_news(corpus: Path, *, held_out: bool) -> Collection:
    """Our own annotated news: the articles held out for validation, or all the others."""
    collection = Collection([], [])
    for gold in news_articles(corpus, held_out=held_out):
        spans = sentence_spans(gold.id, gold.text)
        number = collection.add(Document(gold.id, tuple(gold.text[s:e] for s, e in spans)))
        for question in gold.questions:
            found = sorted({containing(spans, start) for start in question.sentence_starts})
            collection.examples.append(_example("newsroom", question.text, number, found, question.short, spans))
    add_written_on(collection, QUESTIONS / "news.tsv", "news")
    return collection


def add_written_on(collection: Collection, path: Path, source: str) -> None:
    """Our questions on a collection's documents: document, whether it answers, how the sentences begin, question."""
    numbers = {document.id: number for number, document in enumerate(collection.documents)}
    for document, sign, openings, question in fields(path):
        if document in numbers:
            texts = collection.documents[numbers[document]].texts
            places = tuple(next(n for n, t in enumerate(texts) if t.startswith(o)) for o in openings.split(" … "))
            collection.examples.append(_written(source, question, numbers[document], places, answers=sign == "+"))


def add_texts(collection: Collection, path: Path) -> None:
    """The texts that our questions are about; the sentences of a page in their order, as one."""
    asked = {document for document, *_ in fields(QUESTIONS / "texts.tsv")}
    pages: dict[str, dict[tuple[int, ...], str]] = defaultdict(dict)
    for row in rows(path):
        place = PLACE.search(row["id"])
        if place is None and row["id"] in asked:
            spans = sentence_spans(row["id"], row["text"])
            collection.add(Document(row["id"], tuple(row["text"][s:e] for s, e in spans)))
        elif place and row["id"][: place.start()] in asked:
            pages[row["id"][: place.start()]][tuple(map(int, place.groups()))] = row["text"]
    for page, parts in pages.items():
        collection.add(Document(page, tuple(parts[place] for place in sorted(parts))))


def add_written(collection: Collection, places: Mapping[str, Place]) -> None:
    """Our questions on the sentences of nqg, whose `places` are given: number, whether it answers, question."""
    for row, sign, question in fields(QUESTIONS / "wikipedia.tsv"):
        document, sentence = places[f"nqg-{row}"]
        collection.examples.append(_written("written", question, document, (sentence,), answers=sign == "+"))


def _written(source: str, question: str, document: int, places: tuple[int, ...], *, answers: bool) -> Example:
    if answers:
        return Example(source, question, document, places)
    return Example(source, question, document, (), about=places[0])


def fields(path: Path) -> Iterator[list[str]]:
    """The fields of a file of tab-separated lines."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n").split("\t")


def news_articles(corpus: Path, *, held_out: bool) -> Iterator[newsroom.GoldArticle]:
    """Our own annotated articles: those held out for validation, or all the others."""
    for path in sorted(corpus.glob("*.txt")):
        if (int(path.stem.rpartition("-")[2]) % HELD_OUT == HELD_OUT // 2) != held_out:
            continue
        try:
            article = newsroom.parse(path.read_text(encoding="utf-8"), path.stem)
        except newsroom.MarkupError:
            log.warning("left out", exc_info=True)
        else:
            yield article


def add_set(collection: Collection, folder: Path, source: str) -> None:
    """A set of articles.jsonl and questions.jsonl with answer spans."""
    spans, numbers = {}, {}
    for row in rows(folder / "articles.jsonl"):
        spans[row["id"]] = sentence_spans(row["id"], row["text"])
        texts = tuple(row["text"][s:e] for s, e in spans[row["id"]])
        numbers[row["id"]] = collection.add(Document(row["id"], texts))
    for row in rows(folder / "questions.jsonl"):
        own = spans[row["article_id"]]
        found = sorted({containing(own, start) for start, _ in row["answer_spans"]})
        short = tuple(row["answer_spans"][0]) if row["answer_spans"] else None
        collection.examples.append(_example(source, row["question"], numbers[row["article_id"]], found, short, own))


def add_nqg(collection: Collection, path: Path) -> dict[str, Place]:
    """Sentences and questions of SQuAD 1.1; consecutive sentences stand for an article. Returns each row's place."""
    documents: dict[str, Place] = {}
    pending: list[str] = []
    listed = list(rows(path))
    for row in listed:
        if row["sentence"] in documents:
            continue
        documents[row["sentence"]] = (len(collection.documents), len(pending))
        pending.append(row["sentence"])
        if len(pending) == NQG_DOCUMENT:
            collection.add(Document(f"nqg-{len(collection.documents)}", tuple(pending)))
            pending = []
    if pending:
        collection.add(Document(f"nqg-{len(collection.documents)}", tuple(pending)))
    for row in listed:
        number, sentence = documents[row["sentence"]]
        collection.examples.append(Example("nqg", row["question"], number, (sentence,)))
    return {row["id"]: documents[row["sentence"]] for row in listed}


def add_qamr(collection: Collection, path: Path) -> None:
    """Sentences of Wikinews and Wikipedia, those of a page together; a fixed draw of each one's questions."""
    draw = random.Random(0)  # noqa: S311 - a fixed draw
    asked: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows(path):
        asked[row["source"], row["sentence"]].append(row)
    keys = sorted(asked)
    for begin in range(0, len(keys), QAMR_DOCUMENT):
        part = keys[begin : begin + QAMR_DOCUMENT]
        number = collection.add(Document(f"qamr-{begin}", tuple(sentence for _, sentence in part)))
        for place, key in enumerate(part):
            for row in draw.sample(asked[key], min(QAMR_QUESTIONS, len(asked[key]))):
                short = min(row["answers"], key=lambda span: span[1] - span[0])
                collection.examples.append(Example("qamr", row["question"], number, (place,), tuple(short)))


def add_qed(collection: Collection, path: Path) -> None:
    """Search questions over a paragraph, where one sentence answers."""
    for row in rows(path):
        if row["kind"] != "single_sentence":
            continue
        starts, text = row["sentence_starts"], row["paragraph"]
        spans = [(s, e) for s, e in zip(starts, [*starts[1:], len(text)], strict=True)]
        number = collection.add(Document(row["id"], tuple(text[s:e].strip() for s, e in spans)))
        found = [containing(spans, row["sentence"][0])]
        collection.examples.append(_example("qed", row["question"], number, found, tuple(row["answers"][0]), spans))


def rows(path: Path) -> Iterator[Row]:
    """The objects of a JSONL file."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def sentence_spans(identity: str, text: str) -> list[Span]:
    """Where the product would cut the text into sentences."""
    return [(sentence.start, sentence.end) for sentence in split(Article(identity, "", "", text))]


def containing(spans: Sequence[Span], place: int) -> int:
    """The number of the sentence that holds a place of the text."""
    return max(0, bisect_right([start for start, _ in spans], place) - 1)


def _example(
    source: str, question: str, document: int, gold: list[int], short: Span | None, spans: Sequence[Span]
) -> Example:
    if short is None or not gold:
        return Example(source, question, document, tuple(gold))
    home = containing(spans, short[0])
    start, end = spans[home]
    inside = (short[0] - start, short[1] - start) if home in gold and short[1] <= end else None
    first = (home,) if home in gold else ()
    return Example(source, question, document, (*first, *(g for g in gold if g not in first)), inside)


def as_typed(question: str, draw: random.Random) -> str:
    """A question as people type it: now and then without its mark, as keywords, polite, or with a typo."""
    chance = draw.random()
    if chance < 0.1:  # noqa: PLR2004 - shares of the augmentation
        return question.rstrip("?").strip()
    if chance < 0.16:  # noqa: PLR2004
        words = [word for word in question.rstrip("?").split() if word.lower() not in FUNCTION_WORDS]
        return " ".join(words) if len(words) > 1 else question
    if chance < 0.22:  # noqa: PLR2004
        return _mistyped(question, draw)
    if chance < 0.24:  # noqa: PLR2004
        return draw.choice(["Please tell me: ", "Can you tell me, ", "I would like to know: ", "hi, "]) + question
    return question


def _mistyped(question: str, draw: random.Random) -> str:
    words = [match for match in WORD.finditer(question) if len(match.group()) > 4]  # noqa: PLR2004 - short words stay
    if not words:
        return question
    word = draw.choice(words)
    at = draw.randrange(word.start() + 1, word.end() - 1)
    swapped = question[at + 1] + question[at] if draw.random() < 0.5 else question[at]  # noqa: PLR2004 - swap or drop
    return question[:at] + swapped + question[at + 2 :]


def changed(example: Example, documents: Sequence[Document], draw: random.Random) -> Example | None:
    """The question made unanswerable: a word shared with its answer becomes another of its kind from the document."""
    texts = documents[example.document].texts
    gold = {word.lower() for number in example.gold for word in WORD.findall(texts[number])}
    shared = [
        match
        for match in WORD.finditer(example.question)
        if match.group().lower() in gold and match.group().lower() not in FUNCTION_WORDS and len(match.group()) > 1
    ]
    draw.shuffle(shared)
    for match in sorted(shared, key=lambda match: not match.group()[0].isdigit() and not match.group()[0].isupper()):
        others = sorted(set(_others(match.group(), texts)) - gold - set(WORD.findall(example.question.lower())))
        if others:
            word = draw.choice(others)
            question = example.question[: match.start()] + word + example.question[match.end() :]
            return replace(example, question=question, gold=(), short=None)
    return None


def _others(word: str, texts: Sequence[str]) -> Iterator[str]:
    """Words that could stand in its place, in lower case: numbers for numbers, names for names, like endings."""
    everywhere = {match for text in texts for match in WORD.findall(text)}
    for other in everywhere:
        if word[0].isdigit():
            fits = other[0].isdigit() and len(other) == len(word)
        elif word[0].isupper():
            fits = other[0].isupper() and other.lower() not in everywhere and other.lower() not in FUNCTION_WORDS
        else:
            fits = other[-2:] == word[-2:] and abs(len(other) - len(word)) <= 3 and len(other) > 4  # noqa: PLR2004
        if fits and other.lower() != word.lower():
            yield other.lower()
