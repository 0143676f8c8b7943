"""Read the annotated news that we wrote to train on: `corpus/*.txt`.

Knows the markup and checks it; knows nothing of models.

A file holds one article: a title, an empty line, paragraphs, a line `---`, then questions. Inside the text
`⟦s1=Ana Ruiz|the mayor⟧ ⟦c1|said⟧ ⟦q1|the bridge will open in May⟧` marks source, cue and content of statement 1 (the
name after `=` says who a description or pronoun stands for) and `⟦p=Ana Ruiz|her⟧` a pronoun outside any source.
Marks nest. Below the line, `Q: question | short answer | first words of the sentence | …` names each sentence that
answers, and `U: question` one that the article does not answer.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MARK = re.compile(r"⟦(?:([scq])(\d+)|(p))(?:=([^|⟦⟧]+))?\||⟧")
PRONOUN = re.compile(r"(?i:he|she|him|her|his|hers|himself|herself)\Z")
SENTENCE_END = re.compile(r"[.!?…][”’\"')\]]*(?=\s|\Z)|\n")

Span = tuple[int, int]


@dataclass
class Attribution:
    """One statement as annotated; offsets are code points of the article's text."""

    source: Span | None = None
    name: str | None = None
    cue: Span | None = None
    content: list[Span] = field(default_factory=list)


@dataclass(frozen=True)
class GoldQuestion:
    """A question with its answer's span and the starts of the sentences that answer; neither when unanswerable."""

    text: str
    short: Span | None
    sentence_starts: tuple[int, ...]


@dataclass(frozen=True)
class GoldArticle:
    """An annotated article; `pronouns` pairs a span with the name it stands for."""

    id: str
    title: str
    text: str
    attributions: tuple[Attribution, ...]
    pronouns: tuple[tuple[Span, str], ...]
    questions: tuple[GoldQuestion, ...]


class MarkupError(ValueError):
    """A corpus file breaks the format; the message names the place."""


def parse(source: str, name: str) -> GoldArticle:
    """Read one annotated article.

    Raises:
        MarkupError: The markup is broken, or a question's answer is not in the text.
    """
    body, _, below = source.replace("\r\n", "\n").strip().partition("\n---\n")
    text, attributions, pronouns = _unmark(body.strip(), name)
    title = text.partition("\n")[0].strip()
    questions = tuple(_question(line, text, name) for line in below.splitlines() if line.strip())
    return GoldArticle(name, title, text, attributions, pronouns, questions)


def read(folder: Path) -> Iterator[GoldArticle]:
    """Yield every article of a folder, by name."""
    for path in sorted(folder.glob("*.txt")):
        yield parse(path.read_text(encoding="utf-8"), path.stem)


@dataclass(frozen=True)
class _Mark:
    """One mark: its role (s, c, q or p), the statement's number, the name after `=`, and what it spans."""

    role: str
    number: int
    who: str | None
    span: Span


def _unmark(marked: str, name: str) -> tuple[str, tuple[Attribution, ...], tuple[tuple[Span, str], ...]]:
    text, marks = _read_marks(marked, name)
    found: dict[int, Attribution] = {}
    pronouns: list[tuple[Span, str]] = []
    for mark in marks:
        words = text[slice(*mark.span)]
        if mark.role == "p" or (mark.role == "s" and PRONOUN.match(words)):
            if not mark.who:
                raise MarkupError(f"{name}: the pronoun “{words}” names nobody")
            pronouns.append((mark.span, mark.who))
        if mark.role != "p":
            _add(found.setdefault(mark.number, Attribution()), mark, words)
    for number, attribution in found.items():
        if not attribution.content:
            raise MarkupError(f"{name}: statement {number} has no content")
    return text, tuple(found[number] for number in sorted(found)), tuple(sorted(pronouns))


def _read_marks(marked: str, name: str) -> tuple[str, list[_Mark]]:
    """The text without its marks, and the marks in the order in which they close."""
    text, at = "", 0
    opened: list[tuple[re.Match[str], int]] = []
    marks: list[_Mark] = []
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        at = match.end()
        if match.group() != "⟧":
            opened.append((match, len(text)))
            continue
        if not opened:
            raise MarkupError(f"{name}: ⟧ closes nothing, after “{text[-40:]}”")
        opening, start = opened.pop()
        role, number, pronoun, who = opening.groups()
        marks.append(_Mark(role or pronoun, int(number or 0), who.strip() if who else None, (start, len(text))))
    text += marked[at:]
    if opened or "⟦" in text or "⟧" in text:
        raise MarkupError(f"{name}: a mark is not closed or not understood")
    return text, marks


def _add(attribution: Attribution, mark: _Mark, words: str) -> None:
    if mark.role == "s":
        attribution.source, attribution.name = mark.span, mark.who or words.strip()
    elif mark.role == "c":
        attribution.cue = mark.span
    else:
        attribution.content.append(mark.span)


def _question(line: str, text: str, name: str) -> GoldQuestion:
    kind, _, rest = line.partition(":")
    fields = [part.strip() for part in rest.split("|")]
    if kind == "U" and len(fields) == 1:
        return GoldQuestion(fields[0], None, ())
    if kind != "Q" or len(fields) < 3:  # noqa: PLR2004 - question, short answer, first words
        raise MarkupError(f"{name}: not a question line: “{line}”")
    question, short, *openings = fields
    starts = []
    for opening in openings:
        if text.count(opening) != 1:
            raise MarkupError(f"{name}: “{opening}” stands {text.count(opening)} times in the text, not once")
        starts.append(text.index(opening))
    for start in starts:
        end = SENTENCE_END.search(text, start)
        at = text.find(short, start, len(text))
        if at >= 0 and end and at < end.end() + 200:
            return GoldQuestion(question, (at, at + len(short)), tuple(starts))
    raise MarkupError(f"{name}: the short answer “{short}” is not in the sentence that begins “{openings[0]}”")


def main() -> int:
    """Check the files or folders named and print what is in them."""
    failed = 0
    totals = [0, 0, 0, 0, 0]
    for argument in map(Path, sys.argv[1:]):
        for path in sorted(argument.glob("*.txt")) if argument.is_dir() else [argument]:
            try:
                article = parse(path.read_text(encoding="utf-8"), path.stem)
            except MarkupError as error:
                failed += 1
                sys.stderr.write(f"{error}\n")
                continue
            answerable = sum(question.short is not None for question in article.questions)
            counts = (
                1,
                len(article.attributions),
                len(article.pronouns),
                answerable,
                len(article.questions) - answerable,
            )
            totals = [total + count for total, count in zip(totals, counts, strict=True)]
    names = ("articles", "statements", "pronouns", "questions", "unanswerable")
    sys.stdout.write(", ".join(f"{total} {word}" for total, word in zip(totals, names, strict=True)) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
