"""Links to a passage of a page: the text directive of a URL fragment, `#:~:text=`.

Built to the WICG draft “URL Fragment Text Directives”: the directive is the shortest whose first match in the text,
searched as the draft searches (words whole, case and white space folded), is the passage itself. Knows nothing of
articles.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

Span = tuple[int, int]
WORD = re.compile(r"\w+(?:[^\w\s]\w+)*")
# A passage up to this long is named whole where that is unique; a longer one by its first and last words.
MAX_EXACT_CHARS = 60
MAX_CONTEXT_WORDS = 12
# Fewer words than these at either end would match in a page's menu before they match in its text.
MIN_END_WORDS = 3


def text_directive(text: str, span: Span) -> str | None:
    """The directive, without `#`, that leads to `span` of `text`, or None when none can single it out.

    Returns:
        `:~:text=[prefix-,]start[,end][,-suffix]`, percent-encoded.
    """
    words = [(match.start() + span[0], match.end() + span[0]) for match in WORD.finditer(text[span[0] : span[1]])]
    if not words:
        return None
    page = _page(text)
    target = (words[0][0], words[-1][1])
    for start, end in _ranges(text, words):
        if page.first_match(start, end) == target:
            return _directive(start, end)
    start, end = next(_ranges(text, words))
    for prefix, suffix in _contexts(text, target):
        if page.first_match(start, end, prefix, suffix) == target:
            return _directive(start, end, prefix, suffix)
    return None


def link(url: str, text: str, span: Span) -> str:
    """`url` with the directive for `span`; the url as it is where there can be none."""
    directive = text_directive(text, span)
    if directive is None:
        return url
    return f"{url}{'' if '#' in url else '#'}{directive}"


def _ranges(text: str, words: list[Span]) -> Iterator[tuple[str, str | None]]:
    """Ways to name the passage alone, shortest first; no part crosses a paragraph's edge."""
    whole = text[words[0][0] : words[-1][1]]
    if len(whole) <= MAX_EXACT_CHARS and "\n" not in whole:
        yield whole, None
        return
    most = max(1, len(words) // 2)
    least = 1 if "\n" in whole else min(MIN_END_WORDS, most)
    for count in range(least, most + 1):
        start = text[words[0][0] : words[count - 1][1]].partition("\n")[0].rstrip()
        end = text[words[-count][0] : words[-1][1]].rpartition("\n")[2].lstrip()
        yield start, end
    if "\n" not in whole:
        yield whole, None


def _contexts(text: str, target: Span) -> Iterator[tuple[str | None, str | None]]:
    """Prefixes, suffixes and both, of one word, two words, …, punctuation included: only white space may lie between.

    None crosses a paragraph's edge, where no browser finds it.
    """
    before = text[text.rfind("\n", 0, target[0]) + 1 : target[0]] or text[: target[0]].rstrip().rpartition("\n")[2]
    line_end = text.find("\n", target[1])
    after = text[target[1] : line_end if line_end >= 0 else len(text)]
    left, right = list(WORD.finditer(before)), list(WORD.finditer(after))
    for count in range(1, MAX_CONTEXT_WORDS + 1):
        prefix = before[left[-count].start() :].strip() if count <= len(left) else None
        suffix = after[: right[count - 1].end()].strip() if count <= len(right) else None
        if prefix:
            yield prefix, None
        if suffix:
            yield None, suffix
        if prefix and suffix:
            yield prefix, suffix


def _directive(start: str, end: str | None, prefix: str | None = None, suffix: str | None = None) -> str:
    parts = [f"{_encode(prefix)}-"] if prefix else []
    parts += [_encode(part) for part in (start, end) if part]
    parts += [f"-{_encode(suffix)}"] if suffix else []
    return ":~:text=" + ",".join(parts)


def _encode(part: str) -> str:
    """Percent-encoded, the directive's own `-`, `,` and `&` too."""
    return quote(" ".join(part.split()), safe="").replace("-", "%2D")


@lru_cache(maxsize=16)
def _page(text: str) -> "_Page":
    return _Page(text)


class _Page:
    """A text as a browser searches it."""

    def __init__(self, text: str) -> None:
        folded: list[str] = []
        self._places: list[int] = []  # index in the folded text → index in the text
        for place, character in enumerate(text):
            if character.isspace():
                if folded and folded[-1] == " ":
                    continue
                kept = " "
            else:
                kept = _fold(character)
            folded.append(kept)
            self._places += [place] * len(kept)
        self._folded = "".join(folded)

    def first_match(
        self, start: str, end: str | None, prefix: str | None = None, suffix: str | None = None
    ) -> Span | None:
        """The span that a browser would show: the first that fits every part."""
        at = 0
        while (found := self._find(start, at)) is not None:
            at = found[0] + 1
            if prefix and not self._preceded(prefix, found[0]):
                continue
            ending = self._ending(found, end, suffix)
            if ending is not None:
                return self._places[found[0]], self._places[ending - 1] + 1
        return None

    def _ending(self, found: Span, end: str | None, suffix: str | None) -> int | None:
        if end is None:
            return found[1] if not suffix or self._followed(suffix, found[1]) else None
        at = found[1]
        while (last := self._find(end, at)) is not None:
            if not suffix or self._followed(suffix, last[1]):
                return last[1]
            at = last[0] + 1
        return None

    def _find(self, part: str, at: int) -> Span | None:
        wanted = _folded(part)
        while (place := self._folded.find(wanted, at)) >= 0:
            if self._is_boundary(place) and self._is_boundary(place + len(wanted)):
                return place, place + len(wanted)
            at = place + 1
        return None

    def _preceded(self, prefix: str, at: int) -> bool:
        return self._folded[:at].rstrip().endswith(_folded(prefix)) and self._is_boundary(at)

    def _followed(self, suffix: str, at: int) -> bool:
        return self._folded[at:].lstrip().startswith(_folded(suffix))

    def _is_boundary(self, at: int) -> bool:
        if at in (0, len(self._folded)):
            return True
        return not (_is_word(self._folded[at - 1]) and _is_word(self._folded[at]))


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _folded(part: str) -> str:
    return "".join(_fold(character) for character in " ".join(part.split()))


def _fold(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[:1]
    return base.lower()
