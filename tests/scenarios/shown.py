"""What a person sees of a message, as lines of a scenario.

`> ` stands before what is quoted, `**` around what is bold, `__` around what is underlined, `~~` around what is struck,
and a row of buttons is a line of `[labels]`. Knows no bot.
"""

from collections.abc import Iterable

from tests.botapi import Entity, Reply
from tests.botapi.entities import part

MARKS = {"bold": "**", "underline": "__", "strikethrough": "~~"}


def lines_of(reply: Reply) -> list[str]:
    """A message line by line, empty ones left out; its buttons last."""
    return [*text_of(reply), *button_lines(reply)]


def text_of(reply: Reply) -> list[str]:
    """A message line by line, without its buttons."""
    return text_lines(reply.text, reply.entities)


def button_lines(reply: Reply) -> list[str]:
    """The rows of buttons."""
    return [" ".join(f"[{button.text}]" for button in row) for row in reply.buttons]


def linked(reply: Reply) -> dict[str, str]:
    """Where the words of a message lead that are links."""
    return {part(reply.text, one): one.url for one in reply.entities if one.url}


def text_lines(text: str, entities: Iterable[Entity]) -> list[str]:
    """A text line by line, with what is marked in it."""
    places = _places(text)
    quoted = [range(places[one.offset], places[one.end]) for one in entities if one.type == "blockquote"]
    marks: dict[int, str] = {}
    for one in entities:
        if one.type in MARKS:
            for place in (places[one.offset], places[one.end]):
                marks[place] = marks.get(place, "") + MARKS[one.type]
    lines, at = [], 0
    for line in text.split("\n"):
        marked = "".join(marks.get(at + number, "") + char for number, char in enumerate(f"{line}\n")).strip()
        if line.strip():
            lines.append(f"> {marked}" if any(at in part for part in quoted) else marked)
        at += len(line) + 1
    return lines


def _places(text: str) -> dict[int, int]:
    """Indexes into a text by its offsets in UTF-16 units, in which Telegram counts."""
    places, units = {}, 0
    for index, char in enumerate(text):
        places[units] = index
        units += 2 if ord(char) > 0xFFFF else 1
    places[units] = len(text)
    return places
