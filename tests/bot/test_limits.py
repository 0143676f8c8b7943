"""Who may ask how often."""

import pytest

from bot.config import Rates
from bot.limits import Limits


def test_a_person_is_refused_once_and_then_in_silence() -> None:
    """The first question too many is refused, the next ones are not even answered."""
    limits = Limits(Rates(user="2/minute"))
    told = [limits.question(user="ann", chat="1") for _ in range(4)]
    assert told == ["admitted", "admitted", "refused", "silent"]


def test_people_are_counted_apart() -> None:
    """One person's haste costs another nothing."""
    limits = Limits(Rates(user="1/minute"))
    assert [limits.question(user=name, chat="1") for name in ("ann", "bob")] == ["admitted", "admitted"]


def test_a_chat_has_a_rate_of_its_own() -> None:
    """Many people in one chat may not ask more than the chat may; a refused question does not count."""
    limits = Limits(Rates(chat="1/minute"))
    assert limits.question(user="ann", chat="1") == "admitted"
    assert limits.question(user="bob", chat="1") == "refused"
    assert limits.question(user="bob", chat="2") == "admitted"


@pytest.mark.parametrize(("rate", "expected"), [("1/minute", [True, False]), ("2 / hour", [True, True])])
def test_taps_are_counted(rate: str, expected: list[bool]) -> None:
    """Inline queries and presses have their own rate."""
    limits = Limits(Rates(taps=rate))
    assert [limits.tap(user="ann") for _ in range(2)] == expected
