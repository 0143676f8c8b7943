"""A scenario as people write it → what is done and what is expected, step by step.

Knows how a file is laid out, and nothing of what the sentences in it mean.
"""

from dataclasses import dataclass, field
from pathlib import Path

RULE = "---"
SETTINGS = ("Also in", "Admins", "Channels", "Questions a minute")


class ScriptError(Exception):
    """A scenario cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Step:
    """A sentence at the margin, and the indented lines below it.

    Attributes:
        line: Its line in the file, from 1.
        head: The sentence.
        body: The lines below it, without their indent.
    """

    line: int
    head: str
    body: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario: what it is called, how the bot is set up, and what happens."""

    path: Path
    title: str
    settings: dict[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()

    @property
    def name(self) -> str:
        """The file's name, without its ending."""
        return self.path.stem

    def listed(self, setting: str) -> list[str]:
        """The values of a setting, separated by commas in the file."""
        return [value.strip() for value in self.settings.get(setting, "").split(",") if value.strip()]


def read(path: Path) -> Scenario:
    """Read a scenario.

    Raises:
        ScriptError: It has no rule between its head and what happens, or a setting that nobody knows.
    """
    lines = path.read_text(encoding="utf-8").split("\n")
    if RULE not in lines:
        raise ScriptError(f"{path.name}: a line {RULE} must stand between what the scenario is about and what happens.")
    rule = lines.index(RULE)
    return Scenario(path, lines[0].removeprefix("# ").strip(), _settings(lines[:rule], path), _steps(lines, rule + 1))


def _settings(lines: list[str], path: Path) -> dict[str, str]:
    """The lines “Name: value” of the head; all others describe."""
    found = {}
    for line in lines[1:]:
        name, colon, value = line.partition(": ")
        if colon and name in SETTINGS:
            found[name] = value.strip()
        elif colon and name.istitle() and " " not in name:
            raise ScriptError(f"{path.name}: there is no setting “{name}”; there are {', '.join(SETTINGS)}.")
    return found


def _steps(lines: list[str], first: int) -> tuple[Step, ...]:
    steps: list[Step] = []
    for number, line in enumerate(lines[first:], first + 1):
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            steps.append(Step(number, line.rstrip()))
        elif steps:
            before = steps[-1]
            steps[-1] = Step(before.line, before.head, (*before.body, line.strip()))
    return tuple(steps)
