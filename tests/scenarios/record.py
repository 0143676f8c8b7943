"""`python -m tests.scenarios.record [--again] FILE…`: writes what the bot says after every `Bot: ?` of a scenario.

With `--again` also where the bot says something else than the scenario expects. What is written is to be read: it is
what the bot says, not what it ought to say.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from retrieval.archive import Archive
from retrieval.config import Config
from tests.conftest import SAMPLES
from tests.scenarios import acts, shown
from tests.scenarios.script import Scenario, ScriptError, Step, read
from tests.scenarios.stage import Stage, staged

ASKED = " ?"
SAID = ("Bot", "The guest answers", "The chat now has", "Telegram offers", "Ann has now copied")


def main(arguments: Sequence[str]) -> int:
    """Fill in the scenarios."""
    again = "--again" in arguments
    paths = [argument for argument in arguments if not argument.startswith("--")]
    with tempfile.TemporaryDirectory() as folder:
        samples = Archive.open(Config(folder=Path(folder), articles=[str(SAMPLES)]))
        samples.reload()
        for path in map(Path, paths):
            scenario = read(path)
            with tempfile.TemporaryDirectory() as place, staged(scenario, "en", Path(place), samples) as stage:
                path.write_text(recorded(scenario, stage, again=again), encoding="utf-8")
        samples.close()
    return 0


def recorded(scenario: Scenario, stage: Stage, *, again: bool = False) -> str:
    """The scenario with what the bot says; after a step that goes wrong, as it was."""
    lines = scenario.path.read_text(encoding="utf-8").split("\n")
    written: dict[int, list[str]] = {}
    for step in scenario.steps:
        try:
            acts.play(stage, step)
        except (AssertionError, LookupError, ValueError, ScriptError) as error:
            if not step.head.endswith(ASKED) and not (again and step.head.startswith(SAID)):
                sys.stderr.write(f"{scenario.path.name}, line {step.line}: {error}\n")
                break
            written |= {number: [] for number in range(step.line, step.line + len(step.body) + 1)}
            written[step.line] = [f"{step.head.partition(':')[0]}:", *_seen(stage, step)]
    return "\n".join(new for number, line in enumerate(lines, 1) for new in written.get(number, [line]))


def _seen(stage: Stage, step: Step) -> list[str]:
    if step.head.startswith("Telegram") and stage.asked:
        results = stage.asked.wait_for_answer()["results"]
        return [f"  {one['title']} — {' '.join(one.get('description', '').split())}" for one in results]
    if step.head.startswith("Ann has"):
        return [f"  {line}" for line in stage.copied.splitlines()]
    if stage.reply is None:
        return []
    if stage.reply.method == "sendDocument" and stage.reply.file:
        return [f"  {line}" for line in stage.reply.file.content.decode().splitlines()]
    return [f"  {line}" for line in shown.lines_of(stage.reply)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
