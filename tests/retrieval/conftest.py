"""What the tests of retrieval share."""

from collections.abc import Iterator

import pytest

from tests.retrieval.website import Website, serving


@pytest.fixture
def site() -> Iterator[Website]:
    """A website on loopback."""
    with serving() as website:
        yield website
