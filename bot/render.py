"""Blocks → what a channel shows: plain text for a terminal, Telegram HTML in messages of the length it allows.

Pure. All text is escaped for where it goes; lengths are counted as Telegram counts them, in UTF-16 units after the
markup is parsed (Bot API, “Formatting options”).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from bot.blocks import Block, Compared, Entry, Listing, Quoted, Text
from bot.compose import cited_in
from bot.words import Words, shortened
from retrieval import Citation

MESSAGE_UNITS = 4096
# A block that is longer is cut at sentence ends; a message holds at least one piece with its place.
PIECE_UNITS = 3000
# So many lines of a list stay together, as far as they fit; what no person would call a name or title is shortened.
TOGETHER = 10
ENTRY_CHARS, PLACE_CHARS = 600, 300
MARKS = {"same": "{}", "missing": "[-{}-]", "added": "{{+{}+}}"}
# What the person wrote and the article has not is struck, what the article has is underlined.
TAGS = {"same": "{} ", "missing": "<u>{}</u> ", "added": "<s>{}</s> "}


@dataclass(frozen=True, slots=True)
class Piece:
    """A block's markup, or a part of it that fits a message, and its length as shown."""

    html: str
    units: int


def plain(blocks: Sequence[Block], words: Words) -> str:
    """The blocks as a person reads them in a terminal."""
    return "\n\n".join(_plain(block, words) for block in blocks)


def html(blocks: Sequence[Block], words: Words) -> tuple[str, ...]:
    """The blocks as messages in Telegram's HTML, each at most 4,096 units long, broken between blocks or sentences."""
    messages: list[str] = []
    length = MESSAGE_UNITS
    for block in blocks:
        for piece in _pieces(block, words):
            if length + piece.units + 2 > MESSAGE_UNITS:
                messages.append(piece.html)
                length = piece.units
            else:
                messages[-1] += f"\n\n{piece.html}"
                length += piece.units + 2
    return tuple(messages)


def units(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _plain(block: Block, words: Words) -> str:
    if isinstance(block, Text):
        return block.text
    if isinstance(block, Compared):
        return "  " + " ".join(MARKS[run.kind].format(run.words) for run in block.runs)
    if isinstance(block, Listing):
        return "\n".join(_plain_entry(entry, words) for entry in block.entries)
    return _plain_quoted(block, words)


def _plain_entry(entry: Entry, words: Words) -> str:
    described = words.beside(entry.text, entry.note)
    return words.line(f"{words.isolated(f'{entry.key:24}')}  {described}") if entry.key else described


def _plain_quoted(block: Quoted, words: Words) -> str:
    citation = block.citation
    text = citation.context if block.context else citation.text
    lines = [f"  {line}" for line in text.split("\n") if line.strip()]
    if block.before:
        lines.insert(0, f"  [{' '.join(citation.before.split())}]")
    if block.after:
        lines.append(f"  [{' '.join(citation.after.split())}]")
    if block.name:
        lines.insert(0, f"{block.name}:")
    place = words.beside(citation.article.title, *cited_in(citation, words))
    spot = words.say("{place}, characters {start}–{end}", place=place, start=citation.start, end=citation.end)
    lines.append(f"    — {spot}{f' · {block.note}' if block.note else ''}")
    if citation.link:
        lines.append(f"      {citation.link}")
    return "\n".join(lines)


def _pieces(block: Block, words: Words) -> Iterator[Piece]:
    if isinstance(block, Text):
        yield from _text_pieces(block.text, "<b>{}</b>" if block.strong else "{}")
    elif isinstance(block, Compared):
        yield from _runs([(run.words, TAGS[run.kind]) for run in block.runs], "{}")
    elif isinstance(block, Listing):
        entries = [_entry(entry, _mark(block, at), words) for at, entry in enumerate(block.entries)]
        for at in range(0, len(entries), TOGETHER):
            yield from _together(entries[at : at + TOGETHER])
    else:
        yield from _quoted(block, words)


def _quoted(block: Quoted, words: Words) -> Iterator[Piece]:
    """Name, blockquote and place, in one piece where they fit."""
    name = shortened(block.name, PLACE_CHARS) if block.name else ""
    above = [Piece(f"<b>{_escaped(name)}</b>", units(name))] if name else []
    quotes = _runs(_cited_runs(block), "<blockquote>{}</blockquote>")
    yield from _together([*above, *quotes, _place_piece(block.citation, words, block.note)])


def _cited_runs(block: Quoted) -> list[tuple[str, str]]:
    """The text of a citation, the cited part strong where its neighbours stand around it."""
    citation = block.citation
    text = citation.article.text
    start = citation.context_start if block.context or block.before else citation.start
    end = citation.context_end if block.context or block.after else citation.end
    if (start, end) == (citation.start, citation.end):
        return [(citation.text, "{}")]
    runs = (
        (text[start : citation.start], "{}"),
        (citation.text, "<b>{}</b>"),
        (text[citation.end : end], "{}"),
    )
    return [run for run in runs if run[0]]


def _place_piece(citation: Citation, words: Words, note: str) -> Piece:
    title = words.line(words.isolated(shortened(citation.article.title, PLACE_CHARS)))
    rest = words.beside(*(shortened(part, PLACE_CHARS) for part in cited_in(citation, words)), note)
    after = f" · {rest}" if rest else ""
    return Piece(_linked(title, citation.link) + _escaped(after), units(title + after))


def _mark(block: Listing, at: int) -> str:
    """What stands before an entry: its number, or a point; nothing where it is the only one."""
    if block.first:
        return f"{block.first + at}. "
    return "• " if len(block.entries) > 1 else ""


def _entry(entry: Entry, mark: str, words: Words) -> Piece:
    text = words.isolated(shortened(entry.text, ENTRY_CHARS))
    note = f" — {words.isolated(shortened(entry.note, ENTRY_CHARS))}" if entry.note else ""
    opening = words.line(mark)
    return Piece(f"{opening}{_linked(text, entry.link)}{_escaped(note)}", units(f"{opening}{text}{note}"))


def _linked(text: str, link: str | None) -> str:
    return f'<a href="{escape(link)}">{_escaped(text)}</a>' if link else _escaped(text)


def _together(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Pieces one below the other, as many in one as a message holds."""
    together: list[Piece] = []
    for piece in pieces:
        if together and sum(one.units + 1 for one in together) + piece.units > MESSAGE_UNITS:
            yield _joined(together)
            together = []
        together.append(piece)
    yield _joined(together)


def _joined(pieces: Sequence[Piece]) -> Piece:
    return Piece("\n".join(piece.html for piece in pieces), sum(piece.units + 1 for piece in pieces) - 1)


def _text_pieces(text: str, tag: str) -> Iterator[Piece]:
    for part in cut(text, PIECE_UNITS):
        yield Piece(tag.format(_escaped(part)), units(part))


def _runs(runs: Sequence[tuple[str, str]], around: str) -> Iterator[Piece]:
    """Runs of text with their tags, inside `around`; cut where they are too long together."""
    parts = [(part, tag) for text, tag in runs for part in cut(text, PIECE_UNITS)]
    line: list[tuple[str, str]] = []
    for part in parts:
        if line and sum(units(text) + 1 for text, _ in line) + units(part[0]) > PIECE_UNITS:
            yield _run_piece(line, around)
            line = []
        line.append(part)
    yield _run_piece(line, around)


def _run_piece(line: Sequence[tuple[str, str]], around: str) -> Piece:
    marked = "".join(tag.format(_escaped(text)) for text, tag in line)
    return Piece(around.format(marked.strip()), sum(units(text) + 1 for text, _ in line))


def cut(text: str, limit: int, *, length: Callable[[str], int] = units) -> Iterator[str]:
    """A text in parts no longer than `limit`, broken after sentences, else after words, else anywhere."""
    while length(text) > limit:
        head = text[:limit]
        while length(head) > limit:
            head = head[:-1]
        at = max((m.end() for m in re.finditer(r"[.!?…][”\"’')]*\s+", head)), default=0) or head.rfind(" ") + 1
        yield text[: at or len(head)]
        text = text[at or len(head) :]
    yield text


def _escaped(text: str) -> str:
    return escape(text, quote=False)
