"""Whether lines are as a scenario expects them, and, where they are not, what differs.

`…` alone in an expected line stands for any lines, inside a line for any words. Marks of direction, which nobody sees,
do not count.
"""

import difflib
import re
from collections.abc import Sequence

from tests.scenarios.translation import OPEN

DIRECTIONS = dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069"))


def is_like(expected: Sequence[str], shown: Sequence[str]) -> bool:
    """Whether the lines shown are those expected."""
    form = "".join("(?:.*\n)*" if line == OPEN else f"{_form(line)}\n" for line in expected)
    return re.fullmatch(form, "".join(f"{_seen(line)}\n" for line in shown)) is not None


def are_among(expected: Sequence[str], shown: Sequence[str]) -> bool:
    """Whether the lines expected are among those shown, in their order."""
    rest = iter(shown)
    return all(any(re.fullmatch(_form(line), _seen(one)) for one in rest) for line in expected if line != OPEN)


def told(expected: Sequence[str], shown: Sequence[str]) -> str:
    """What differs: lines that were expected with `-`, lines that were shown with `+`."""
    lines = difflib.ndiff([*expected], [_as_expected(line, expected) for line in shown])
    return "\n".join(f"    {line.rstrip()}" for line in lines if not line.startswith("?"))


def _as_expected(line: str, expected: Sequence[str]) -> str:
    """A line that is as expected in the words that expect it, so that it does not look like a difference."""
    return next((one for one in expected if one != OPEN and re.fullmatch(_form(one), _seen(line))), line)


def _form(line: str) -> str:
    return ".*".join(re.escape(part) for part in _seen(line).split(OPEN))


def _seen(line: str) -> str:
    return line.translate(DIRECTIONS)
