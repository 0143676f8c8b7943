"""What a reply is made of, whatever the channel: blocks of text, citations and lists, and buttons under them.

Holds no markup and knows no channel: `render` turns blocks into plain text or Telegram HTML.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval import Answer, Citation, Difference


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of our own words; `strong` where it is the answer itself or a heading."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation, verbatim, with its place; with its context where `context`, or with the part `before` or `after` it.

    `name` stands above it where somebody said it, `note`, a remark of ours, below it.
    """

    citation: Citation
    context: bool = False
    before: bool = False
    after: bool = False
    name: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """How an altered quotation differs from what stands in the article, word by word."""

    runs: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list: what it is, what it is called in commands if anything, a remark, and where it leads."""

    text: str
    key: str = ""
    note: str = ""
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; its entries are numbered from `first` where it is given."""

    entries: tuple[Entry, ...]
    first: int | None = None


Block = Text | Quoted | Compared | Listing


@dataclass(frozen=True, slots=True)
class Button:
    """What can be pressed under a reply: exactly one of `action`, `copy`, `inline` and `url` is given.

    `action` comes back to `Conversation.press` (at most 64 bytes of ASCII), `copy` goes to the clipboard (at most 256
    characters), `inline` opens an inline query with that text in a chat of the person's choice.
    """

    label: str
    action: str | None = None
    copy: str | None = None
    inline: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show: blocks, rows of buttons, and `notice`, a short word that passes, as a toast.

    A reply without blocks changes nothing on the screen but what `buttons` say; `answers` holds one for each question
    that was asked and `keys` what the archive's journal calls them; `fresh` where it is to be sent as a new message
    though a button was pressed; `ended` when the person is done.
    """

    blocks: tuple[Block, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    notice: str = ""
    answers: tuple[Answer, ...] = ()
    keys: tuple[str, ...] = ()
    fresh: bool = False
    ended: bool = False

    @staticmethod
    def of(*blocks: Block | str, buttons: Sequence[Sequence[Button]] = ()) -> "Reply":
        """A reply of blocks; a string is a paragraph."""
        made = tuple(Text(block) if isinstance(block, str) else block for block in blocks)
        return Reply(made, tuple(tuple(row) for row in buttons if row))
