"""The table of methods: each takes the world and checked parameters, and returns a result or refuses."""

from collections.abc import Callable

from tests.botapi.refusal import Json
from tests.botapi.world import World

Result = Json | list[Json] | bool | str | int
Method = Callable[[World, Json], Result]
METHODS: dict[str, Method] = {}


def method(function: Method) -> Method:
    """Enters a function under its name as the Bot API spells it: send_message is sendMessage."""
    first, *rest = function.__name__.split("_")
    METHODS[first + "".join(word.capitalize() for word in rest)] = function
    return function
