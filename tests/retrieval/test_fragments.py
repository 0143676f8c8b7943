"""Text directives, by the WICG draft."""

from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.fragments import link, text_directive

TEXT = (
    "It rained. The bridge is shut, the council said.\n"
    "It rained. The bridge is shut, the mayor said.\n"
    "Costs: 3–4% (see A-B & C, D). Costs rose.\n"
    "“No one wants peace more than Ukraine,” he said, and the talks so long in coming went on all night.\n"
    "Naïve café owners – ‘all of them’ – agreed."
)


DASH = quote("–")


def span(part: str, nth: int = 0) -> tuple[int, int]:
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(part, at + 1)
    return at, at + len(part)


def found_by(directive: str, text: str) -> tuple[str, int] | None:
    """A browser's search, written plainly: prefix, start, end, suffix, words whole, case folded."""
    import re

    parts = directive.removeprefix(":~:text=").split(",")
    prefix = unquote(parts.pop(0)[:-1]) if parts[0].endswith("-") else ""
    suffix = unquote(parts.pop()[1:]) if parts[-1].startswith("-") else ""
    start, end = unquote(parts[0]), unquote(parts[1]) if len(parts) > 1 else None
    pattern = rf"\b{re.escape(start)}\b" + (rf".*?\b{re.escape(end)}\b" if end else "")
    pattern = rf"(?<!\w){re.escape(prefix)}\s*({pattern})" if prefix else f"({pattern})"
    if suffix:
        pattern += rf"\s*{re.escape(suffix)}"
    match = re.search(pattern, text, re.DOTALL | re.IGNORECASE)
    return (match.group(1), match.start(1)) if match else None


@pytest.mark.parametrize(
    ("wanted", "nth", "expected"),
    [
        ("the council said", 0, ":~:text=the%20council%20said"),
        ("It rained.", 0, ":~:text=It%20rained"),
        ("It rained.", 1, ":~:text=said.-,It%20rained"),
        ("The bridge is shut", 1, ":~:text=The%20bridge%20is%20shut,-%2C%20the%20mayor"),
        ("Costs: 3–4% (see A-B & C, D).", 0, ":~:text=Costs%3A%203%E2%80%934%25%20%28see%20A%2DB%20%26%20C%2C%20D"),
        (
            "“No one wants peace more than Ukraine,” he said, and the talks so long in coming went on all night.",
            0,
            ":~:text=No%20one%20wants,on%20all%20night",
        ),
        (
            "Naïve café owners – ‘all of them’ – agreed.",
            0,
            f":~:text=Na%C3%AFve%20caf%C3%A9%20owners%20{DASH}%20{quote('‘all of them’')}%20{DASH}%20agreed",
        ),
    ],
)
def test_directive_is_minimal_and_unique(wanted: str, nth: int, expected: str) -> None:
    """Prefix and suffix only where the words alone lead elsewhere; the draft's own characters are encoded."""
    assert text_directive(TEXT, span(wanted, nth)) == expected


@pytest.mark.parametrize("nth", [0, 1])
@pytest.mark.parametrize("wanted", ["It rained.", "The bridge is shut", "bridge", "said.\n"])
def test_a_browser_lands_on_the_very_place(wanted: str, nth: int) -> None:
    """The first match is the passage itself, not its twin."""
    start, end = span(wanted, nth)
    directive = text_directive(TEXT, (start, end))
    assert directive is not None
    assert found_by(directive, TEXT) == (wanted.strip(" .\n"), start)


def test_a_passage_over_two_paragraphs_is_named_by_its_ends() -> None:
    """No exact text crosses a paragraph's edge, so first and last words are given."""
    assert text_directive(TEXT, span("the mayor said.\nCosts")) == ":~:text=the%20mayor,Costs"


def test_no_directive_where_there_are_no_words() -> None:
    """An ellipsis cannot be linked to; the page itself is."""
    assert text_directive("Yes … no", (4, 5)) is None
    assert link("https://example.org/a", "Yes … no", (4, 5)) == "https://example.org/a"


def test_a_fragment_is_kept() -> None:
    """A page's own fragment goes before the directive."""
    assert link("https://example.org/a#top", "Yes. No.", (0, 4)) == "https://example.org/a#top:~:text=Yes"
    assert link("https://example.org/a", "Yes. No.", (0, 4)) == "https://example.org/a#:~:text=Yes"


def test_part_of_a_word_is_no_match() -> None:
    """“man” in “mankind” does not count as the first match."""
    text = "One giant leap for mankind. One man."
    assert text_directive(text, (text.index("man.", 20), len(text) - 1)) == ":~:text=man"


@given(
    st.lists(
        st.sampled_from(["It rained.", "It rained again.", "He said: no.", "A-B, C & D.", "Ça va ?", "…"]),
        min_size=1,
        max_size=9,
    )
)
def test_directives_of_repeated_sentences_never_lead_astray(parts: list[str]) -> None:
    """Whatever is repeated, a directive leads to the sentence it was made for, or there is none."""
    text = " ".join(parts)
    at = 0
    for part in parts:
        directive = text_directive(text, (at, at + len(part)))
        if directive is not None:
            assert "&" not in directive
            assert found_by(directive, text) is not None
        at += len(part) + 1
