"""Text with entities as Telegram keeps it: offsets and lengths in UTF-16 units.

Knows no markup language but the HTML it writes; markup is read in `markup`.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tests.botapi.refusal import Json, bad_request

BLANKS = " \t\n\v\f\r"  # what Telegram cuts off at the ends
TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "blockquote": "blockquote",
}
# Of entities over the same stretch, which stands around which: the order that Telegram keeps.
NESTING = (
    "blockquote expandable_blockquote pre code text_link text_mention mention hashtag bot_command url email "
    "bold italic underline strikethrough spoiler custom_emoji"
).split()
FOUND = tuple(
    (kind, re.compile(form))
    for kind, form in (
        (
            "url",
            r"https?://[^\s<>“”\"]+(?<![.,;:!?)'])|(?<![@\w.-])(?:[a-z0-9-]+\.)+(?:com|org|net|info|example)\b(?:/\S*)?",
        ),
        ("email", r"(?<![\w.])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}\b"),
        ("bot_command", r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"),
        ("mention", r"(?<![\w/])@[A-Za-z0-9_]{3,32}\b"),
        ("hashtag", r"(?<![\w&])#\w*[^\W\d]\w*"),
    )
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text, in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    user: Json | None = None

    @property
    def end(self) -> int:
        """Where it ends, in UTF-16 units."""
        return self.offset + self.length

    def to_json(self) -> Json:
        """As a MessageEntity."""
        optional = {name: getattr(self, name) for name in ("url", "language", "custom_emoji_id", "user")}
        kept = {name: value for name, value in optional.items() if value is not None}
        return {"type": self.type, "offset": self.offset, "length": self.length} | kept


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and what is marked in it."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    def marked(self, kind: str) -> tuple[str, ...]:
        """The texts of the entities of a kind."""
        return tuple(part(self.text, entity) for entity in self.entities if entity.type == kind)

    @property
    def html(self) -> str:
        """The text as the HTML that gives these entities."""
        return "".join(_written(self))


def width(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


def part(text: str, entity: Entity) -> str:
    """What an entity covers."""
    return text.encode("utf-16-le")[2 * entity.offset : 2 * entity.end].decode("utf-16-le")


def is_blank(text: str) -> bool:
    """Whether nothing of a text would be seen."""
    return all(char.isspace() or unicodedata.category(char) in {"Cf", "Cc"} for char in text)


def tidy(formatted: Formatted) -> Formatted:
    """Whitespace cut off at both ends, entities cut with it, and those dropped that Telegram does not keep."""
    text = formatted.text.rstrip(BLANKS)
    end = width(text)
    lead = width(text) - width(text.lstrip(BLANKS))
    text = text.lstrip(BLANKS)
    cut = []
    for entity in formatted.entities:
        first, last = max(entity.offset, lead), min(entity.end, end)
        moved = replace(entity, offset=first - lead, length=last - first)
        if first < last and part(text, moved).strip(BLANKS):
            cut.append(moved)
    return Formatted(text, tuple(_allowed(in_order(cut))))


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Outer before inner, as they stand in the text."""
    return sorted(entities, key=lambda entity: (entity.offset, -entity.length, _depth(entity)))


def _depth(entity: Entity) -> int:
    return NESTING.index(entity.type) if entity.type in NESTING else len(NESTING)


def _allowed(entities: Sequence[Entity]) -> Iterator[Entity]:
    """Nothing stands inside code, and no quotation inside another."""
    for entity in entities:
        around = [other for other in entities if other is not entity and _covers(other, entity)]
        if any(other.type in {"code", "pre"} for other in around):
            continue
        if entity.type.endswith("blockquote") and any(other.type.endswith("blockquote") for other in around):
            continue
        yield entity


def _covers(outer: Entity, inner: Entity) -> bool:
    return outer.offset <= inner.offset and inner.end <= outer.end and outer.length > inner.length


def found_in(formatted: Formatted) -> Formatted:
    """The text with the links, mentions and commands that Telegram finds by itself."""
    taken = [entity for entity in formatted.entities if entity.type in {"code", "pre", "text_link", "text_mention"}]
    new: list[Entity] = []
    for kind, form in FOUND:
        for match in form.finditer(formatted.text):
            entity = Entity(kind, width(formatted.text[: match.start()]), width(match[0]))
            if not any(entity.offset < other.end and other.offset < entity.end for other in (*taken, *new)):
                new.append(entity)
    return Formatted(formatted.text, tuple(in_order((*formatted.entities, *new))))


def given(text: str, entities: Iterable[Json]) -> Formatted:
    """A text with the entities that a request lists.

    Raises:
        Refused: An entity ends outside the text.
    """
    made, length = [], width(text)
    for entity in entities:
        one = Entity(**{name: value for name, value in entity.items() if name in Entity.__dataclass_fields__})
        if one.offset < 0 or one.length <= 0 or one.end > length:
            raise bad_request(
                f"can't parse entities: entity beginning at UTF-16 offset {one.offset} ends after the end of the text "
                f"at UTF-16 offset {one.end}"
            )
        made.append(one)
    return Formatted(text, tuple(in_order(made)))


def _written(formatted: Formatted) -> Iterator[str]:
    open_entities: list[Entity] = []
    waiting = list(formatted.entities)
    at = 0
    for char in formatted.text:
        while open_entities and open_entities[-1].end <= at:
            yield _closing(open_entities.pop())
        while waiting and waiting[0].offset <= at:
            open_entities.append(waiting.pop(0))
            yield _opening(open_entities[-1])
        yield html.escape(char, quote=False)
        at += width(char)
    for entity in reversed(open_entities):
        yield _closing(entity)


def _opening(entity: Entity) -> str:
    if entity.type == "text_link":
        return f'<a href="{html.escape(entity.url or "")}">'
    if entity.type == "text_mention" and entity.user:
        return f'<a href="tg://user?id={entity.user["id"]}">'
    if entity.type == "expandable_blockquote":
        return "<blockquote expandable>"
    if entity.type == "custom_emoji":
        return f'<tg-emoji emoji-id="{entity.custom_emoji_id}">'
    if entity.type == "pre":
        return f'<pre><code class="language-{entity.language}">' if entity.language else "<pre>"
    return f"<{TAGS[entity.type]}>" if entity.type in TAGS else ""


def _closing(entity: Entity) -> str:
    if entity.type in {"text_link", "text_mention"}:
        return "</a>"
    if entity.type == "expandable_blockquote":
        return "</blockquote>"
    if entity.type == "custom_emoji":
        return "</tg-emoji>"
    if entity.type == "pre":
        return "</code></pre>" if entity.language else "</pre>"
    return f"</{TAGS[entity.type]}>" if entity.type in TAGS else ""
