"""Annotated text → labelled words for the quotation tagger.

Reads `real.jsonl` and `synthetic.jsonl` (their spans and licences are described in the model's card) and our own
corpus. Knows the quirks of each source; knows nothing of the model beyond its words and labels.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval import reporting, sentences
from retrieval.schema import Article, Span
from retrieval.training import newsroom
from retrieval.windows import Word, words_of

logger = logging.getLogger(__name__)

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Labelled:
    """One attribution in word numbers; `cue` is (first, last exclusive)."""

    cue: Span | None
    source: frozenset[int]
    content: frozenset[int]


@dataclass(frozen=True, slots=True)
class Document:
    """Words with what was annotated; `unknown` words may be cues that the source does not annotate."""

    id: str
    kind: str
    words: list[Word]
    attributions: list[Labelled]
    unknown: frozenset[int]
    reporting: tuple[int, ...]


def article_words(text: str) -> list[Word]:
    """The words of a bare text, through the same sentences as the library's."""
    found = sentences.split(Article("", "", "", text))
    return words_of(text, [(sentence.start, sentence.end, sentence.paragraph) for sentence in found])


def read_jsonl(path: Path, *, held_out: frozenset[str] = frozenset()) -> Iterator[Document]:
    """Documents of a file of attributions, without those held out."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row["id"] in held_out or any(_is_fragment(attribution) for attribution in row["attributions"]):
                continue
            spans = [
                (a["source"], a["cue"], a["content"], bool(a["speech"])) for a in row["attributions"] if a["content"]
            ]
            yield document(row["id"], kind_of(row), row["text"], spans)


def read_newsroom(folder: Path) -> Iterator[Document]:
    """Our own annotated news, without its questions; an article whose markup is broken is left out with a warning."""
    for path in sorted(folder.glob("*.txt")):
        try:
            article = newsroom.parse(path.read_text(encoding="utf-8").partition("\n---\n")[0], path.stem)
        except newsroom.MarkupError as error:
            logger.warning("left out: %s", error)
            continue
        spans = [
            ([a.source] if a.source else [], [a.cue] if a.cue else [], a.content, True) for a in article.attributions
        ]
        yield document(article.id, "newsroom", article.text, spans)


def kind_of(row: dict[str, str]) -> str:
    """Where a row comes from."""
    source = row["id"].split("/")[0]
    return f"gum-{row['licence'].rpartition(' ')[2]}" if source == "gum" else source


def document(
    identifier: str, kind: str, text: str, spans: Sequence[tuple[Sequence[Span], Sequence[Span], Sequence[Span], bool]]
) -> Document:
    """Label the words of a text with (source, cue, content, is speech) spans of characters."""
    words = article_words(text)
    attributions, content, unknown, cues = [], set[int](), set[int](), set[int]()
    for source, cue, said, is_speech in spans:
        cue_runs = [run for run in (_inside(words, [span]) for span in cue) if run]
        if not is_speech:
            unknown |= {number for run in cue_runs for number in run}
            continue
        body = _trimmed(text, words, sorted(_inside(words, said)))
        if not body:
            continue
        last = max(cue_runs, key=max, default=set[int]())
        unknown |= {number for run in cue_runs for number in run}
        cues |= last
        attributions.append(
            Labelled(
                (min(last), max(last) + 1) if last else None,
                frozenset(_inside(words, source[:1]) - last),
                frozenset(number for number in body if number not in last),
            )
        )
        content |= set(body)
    texts = [text[word.start : word.end] for word in words]
    candidates = [number for number, word in enumerate(texts) if word[0].isalpha() and reporting.is_reporting(word)]
    if kind == "qasrl":
        unknown |= set(candidates)
    elif kind != "newsroom":
        unknown |= {number for number in candidates if number in content and not words[number].quote}
    return Document(
        identifier,
        kind,
        words,
        attributions,
        frozenset(unknown - cues),
        tuple(n for n in candidates if n not in cues | unknown),
    )


def _is_fragment(attribution: dict[str, object]) -> bool:
    short = len(str(attribution["content_text"]).split()) < 4  # noqa: PLR2004 - QA-SRL answers that are no statement
    return attribution.get("rule") == "qasrl" and short and attribution["type"] == "indirect"


def _inside(words: Sequence[Word], spans: Sequence[Span]) -> set[int]:
    return {
        number
        for number, word in enumerate(words)
        if any(word.start < end and word.end > start for start, end in spans)
    }


def _trimmed(text: str, words: Sequence[Word], numbers: list[int]) -> list[int]:
    """Without a leading "that" and without the marks at the ends of each run."""

    def is_word(number: int) -> bool:
        return text[words[number].start].isalnum()

    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    kept: list[int] = []
    for run in runs:
        spoken = [number for number in run if is_word(number)]
        if len(spoken) > 1 and not kept and text[words[spoken[0]].start : words[spoken[0]].end].lower() == "that":
            spoken = spoken[1:]
        if spoken:
            kept += range(spoken[0], spoken[-1] + 1)
    return kept
