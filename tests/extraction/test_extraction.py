"""The text of saved pages, held against what was written down by hand and against trafilatura's own output."""

import pytest

from retrieval.blocks import read_tree
from tests.extraction.measure import LATER, LAYOUTS, averaged, compare, ours, source_of


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_layout_is_read_worse_than_by_trafilatura(layout: str) -> None:
    """Neither are words lost, nor paragraphs broken, nor is more boilerplate kept."""
    our, their = compare(layout)
    assert our.tokens >= their.tokens
    assert our.paragraphs >= their.paragraphs
    assert our.boilerplate <= their.boilerplate


@pytest.mark.parametrize("layouts", [LAYOUTS, LATER], ids=["pages", "later"])
def test_layouts_are_read_better_in_the_mean(layouts: tuple[str, ...]) -> None:
    """On those that the rules were made for, and on those that were written afterwards."""
    pairs = [compare(layout) for layout in layouts]
    our, their = averaged([one for one, _ in pairs]), averaged([one for _, one in pairs])
    assert our.tokens > their.tokens
    assert our.paragraphs > their.paragraphs
    assert our.boilerplate < their.boilerplate


def test_there_are_ten_layouts() -> None:
    """None was lost."""
    assert len(LAYOUTS) == 10


@pytest.mark.parametrize("layout", [*LAYOUTS, *LATER])
def test_every_paragraph_stands_in_the_page(layout: str) -> None:
    """Word for word, in the order of the page."""
    page = " ".join(read_tree(source_of(layout)).text_content().split())
    place = 0
    for paragraph in ours(layout).split("\n\n"):
        words = " ".join(paragraph.split())
        found = page.replace(" ", "").find(words.replace(" ", ""), place)
        assert found >= 0, paragraph
        place = found
