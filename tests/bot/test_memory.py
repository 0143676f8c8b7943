"""What the bot remembers."""

from pathlib import Path

import pytest

from bot.memory import Memory
from retrieval import StoreError


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """The time it is set to, in seconds."""
        return self.now


def test_values_survive_a_restart(tmp_path: Path) -> None:
    """What was kept is there when the file is opened again."""
    memory = Memory(tmp_path / "data" / "bot.sqlite")
    memory.put("turn", "1/2/", {"article": "bridge", "keys": ["a"]}, owner="2")
    memory.close()
    assert Memory(tmp_path / "data" / "bot.sqlite").get("turn", "1/2/") == {"article": "bridge", "keys": ["a"]}


def test_a_value_is_as_old_as_its_last_keeping() -> None:
    """A value kept longer ago than asked for is none."""
    clock = Clock()
    memory = Memory(clock=clock)
    memory.put("turn", "a", 1)
    clock.now += 60
    assert memory.get("turn", "a", within=61) == 1
    assert memory.get("turn", "a", within=59) is None
    memory.prune("turn", older=59)
    assert memory.get("turn", "a") is None


def test_adding_keeps_the_first() -> None:
    """Only the first value under a key is added."""
    memory = Memory()
    assert memory.add("update", "7", "first")
    assert not memory.add("update", "7", "second")
    assert memory.all("update") == {"7": "first"}


def test_forgetting_takes_what_is_somebodys_and_no_more() -> None:
    """All that an owner's name is on is gone, the rest stays."""
    memory = Memory()
    memory.put("turn", "1", 1, owner="ann")
    memory.put("language", "ann", "uk", owner="ann")
    memory.put("turn", "2", 2, owner="bob")
    assert memory.forget("ann") == 2
    assert (memory.all("turn"), memory.get("language", "ann")) == ({"2": 2}, None)


def test_renaming_moves_keys_by_their_beginning() -> None:
    """Keys of a chat that has another name now begin with that."""
    memory = Memory()
    memory.put("turn", "-1/7/", "kept")
    memory.put("turn", "-12/7/", "other")
    memory.rename("turn", "-1/", "-100/")
    assert memory.all("turn") == {"-100/7/": "kept", "-12/7/": "other"}


def test_a_file_that_is_no_memory_is_said_in_a_sentence(tmp_path: Path) -> None:
    """A damaged file names itself."""
    (tmp_path / "bot.sqlite").write_bytes(b"not a database, but long enough to be looked at as one" * 10)
    with pytest.raises(StoreError, match=r"bot\.sqlite cannot be used: file is not a database"):
        Memory(tmp_path / "bot.sqlite")
