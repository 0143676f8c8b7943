"""Telegram's HTML → text and entities, with Telegram's refusals.

Follows what the Bot API documents under "HTML style" and the sentences its servers answer with. Knows nothing of
messages: trimming and limits come after.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tests.botapi.entities import Entity, Formatted, in_order, part, width
from tests.botapi.refusal import Refused, bad_request

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9A-Fa-f]+)|#(?P<decimal>[0-9]+)|(?P<name>[a-zA-Z]+));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
PLAIN = re.compile(r"[^<&]+")
TAG_NAME = re.compile(r"[^\s>]*")
ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']*")
BARE_VALUE = re.compile(r"[A-Za-z0-9.-]*")
SPACE = re.compile(r"\s*")
HOST = re.compile(r"(?:[\w-]+\.)+[\w-]+")
USER_LINK = re.compile(r"tg://user\?id=\d+")


@dataclass(frozen=True, slots=True)
class _Start:
    tag: str
    argument: str
    offset: int  # UTF-16 units into the text


def parse(source: str) -> Formatted:
    """The text that people see and its entities.

    Raises:
        Refused: The markup is broken or has what Telegram does not know.
    """
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.written: list[str] = []
        self.width = 0
        self.starts: list[_Start] = []
        self.entities: list[Entity] = []

    def parse(self) -> Formatted:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            elif self.source[self.at] == "&":
                self._write(self._reference())
            else:
                self._write(self._take(PLAIN))
        if self.starts:
            raise _broken(f'Can\'t find end tag corresponding to start tag "{self.starts[-1].tag}"')
        # A language is kept for a `pre` only.
        kept = (replace(entity, language=None) if entity.type == "code" else entity for entity in self.entities)
        return Formatted("".join(self.written), tuple(in_order(kept)))

    def _write(self, text: str) -> None:
        self.written.append(text)
        self.width += width(text)

    def _take(self, form: re.Pattern[str]) -> str:
        match = form.match(self.source, self.at)
        taken = match[0] if match else ""
        self.at += len(taken)
        return taken

    @property
    def _next(self) -> str:
        return self.source[self.at : self.at + 1]

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _reference(self) -> str:
        """What `&…` stands for; what Telegram does not know stands for itself."""
        match = REFERENCE.match(self.source, self.at)
        char = _referred(match) if match else None
        self.at += len(match[0]) if match and char else 1
        return char or "&"

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._take(TAG_NAME).lower()
        if not self._next:
            raise _broken(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if tag not in KINDS:
            raise _broken(f'Unsupported start tag "{tag}" at byte offset {self._bytes(begin)}')
        argument = ""
        self._take(SPACE)
        while self._next != ">":
            argument = self._attribute(tag, begin) or argument
            self._take(SPACE)
        self.at += 1
        if tag == "span" and argument != "spoiler":
            raise _broken(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}')
        self.starts.append(_Start(tag, argument, self.width))

    def _attribute(self, tag: str, begin: int) -> str:
        """What one attribute says of its tag: an address, a language, a class; empty if nothing."""
        name = self._take(ATTRIBUTE_NAME)
        if not name:
            raise _broken(f'Empty attribute name in the tag "{tag}" at byte offset {self._bytes(begin)}')
        self._take(SPACE)
        value = ""
        if self._next == "=":
            self.at += 1
            self._take(SPACE)
            value = self._value(tag, begin)
        elif not self._next:
            raise _broken(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
        return _argument(tag, name, value)

    def _value(self, tag: str, begin: int) -> str:
        if not self._next:
            raise _broken(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
        if self._next not in "\"'":
            return self._bare_value()
        mark, value = self._next, ""
        self.at += 1
        while self._next and self._next != mark:
            if self._next == "&":
                value += self._reference()
            else:
                value += self._next
                self.at += 1
        self.at += 1
        if not self._next:
            raise _broken(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        return value

    def _bare_value(self) -> str:
        begin = self.at
        value = self._take(BARE_VALUE).lower()
        if not (self._next.isspace() or self._next == ">"):
            raise _broken(f"Unexpected end of name token at byte offset {self._bytes(begin)}")
        return value

    def _end_tag(self) -> None:
        begin = self.at
        if not self.starts:
            raise _broken(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        self.at += 2
        found = self._take(TAG_NAME).lower()
        self._take(SPACE)
        if self._next != ">":
            raise _broken(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        self.at += 1
        start = self.starts.pop()
        if found and found != start.tag:
            raise _broken(
                f'Unmatched end tag at byte offset {self._bytes(begin)}, expected "</{start.tag}>", found "</{found}>"'
            )
        if self.width > start.offset:
            self._add(start)

    def _add(self, start: _Start) -> None:
        entity = Entity(KINDS[start.tag], start.offset, self.width - start.offset)
        if start.tag == "a":
            address = checked_url(start.argument or part("".join(self.written), entity))
            if address:
                self.entities.append(Entity("text_link", entity.offset, entity.length, url=address))
        elif start.tag == "tg-emoji":
            if not start.argument.isdigit():
                raise _broken("Invalid custom emoji identifier specified")
            self.entities.append(Entity(entity.type, entity.offset, entity.length, custom_emoji_id=start.argument))
        elif start.tag == "blockquote" and start.argument:
            self.entities.append(Entity("expandable_blockquote", entity.offset, entity.length))
        elif start.tag == "pre":
            self._add_pre(entity)
        else:
            language = start.argument or None if start.tag == "code" else None
            self.entities.append(Entity(entity.type, entity.offset, entity.length, language=language))

    def _add_pre(self, entity: Entity) -> None:
        """A `pre` around exactly one `code` takes its language and its place."""
        inner = self.entities[-1] if self.entities else None
        if inner and (inner.type, inner.offset, inner.length) == ("code", entity.offset, entity.length):
            self.entities[-1] = Entity("pre", entity.offset, entity.length, language=inner.language)
        else:
            self.entities.append(entity)


def _argument(tag: str, name: str, value: str) -> str:
    wanted = {"a": "href", "code": "class", "span": "class", "tg-emoji": "emoji-id", "blockquote": "expandable"}
    if wanted.get(tag) != name.lower():
        return ""
    if tag == "blockquote":
        return "expandable"
    prefix = {"code": "language-", "span": "tg-"}.get(tag, "")
    return value.removeprefix(prefix) if value.startswith(prefix) else ""


def _referred(match: re.Match[str]) -> str | None:
    if match["name"]:
        return NAMED.get(match["name"])
    code = int(match["hex"], 16) if match["hex"] else int(match["decimal"])
    if 0xD800 <= code <= 0xDFFF:
        raise _broken(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    return chr(code) if 0 < code < 0x10FFFF else None


def checked_url(address: str) -> str | None:
    """The address as Telegram keeps it, or nothing where it takes it for none."""
    if USER_LINK.fullmatch(address):
        return address
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    host = parts.hostname or ""
    if any(char.isspace() for char in address) or scheme not in {"http", "https", "tg", "ton", "tonsite"}:
        return None
    if scheme in {"tg", "ton", "tonsite"}:
        return address
    if not HOST.fullmatch(host):
        return None
    return parts._replace(scheme=scheme, netloc=parts.netloc.lower(), path=parts.path or "/").geturl()


def _broken(reason: str) -> Refused:
    return bad_request(f"can't parse entities: {reason}")
