"""How often: rates of questions by person and by chat, over a moving window.

Knows nothing of what is asked, nor of Telegram; counts are kept in memory and begin anew with the process.
"""

from typing import Literal

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.config import Rates

Admission = Literal["admitted", "refused", "silent"]


class Limits:
    """Who may ask now.

    Args:
        rates: How much is allowed.
    """

    def __init__(self, rates: Rates) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._user, self._chat, self._taps = parse(rates.user), parse(rates.chat), parse(rates.taps)
        self._told: set[tuple[str, str]] = set()

    def question(self, *, user: str, chat: str) -> Admission:
        """Whether a question is admitted; `refused` the first time that it is not, then `silent` until one is."""
        key = (user, chat)
        if self._has_room(("user", user), self._user) and self._has_room(("chat", chat), self._chat):
            self._window.hit(self._user, "user", user)
            self._window.hit(self._chat, "chat", chat)
            self._told.discard(key)
            return "admitted"
        if key in self._told:
            return "silent"
        self._told.add(key)
        return "refused"

    def tap(self, *, user: str) -> bool:
        """Whether an inline query or a press is admitted."""
        return self._window.hit(self._taps, "taps", user)

    def _has_room(self, whose: tuple[str, str], rate: RateLimitItem) -> bool:
        return self._window.test(rate, *whose)
