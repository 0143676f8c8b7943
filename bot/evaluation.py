"""`article-bot eval`: golden questions put to the articles, and what came of them as people and machines read it.

Knows nothing of how answers are found or judged.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from retrieval import MEASURES, Comparison, Measure, Outcome, Run

if TYPE_CHECKING:
    from retrieval import Archive

NOTHING = "(the articles do not say)"


def add_options(command: argparse.ArgumentParser) -> None:
    """The options of `article-bot eval`."""
    command.add_argument("golden", metavar="GOLDEN.jsonl", help="questions with the sentences that answer them")
    command.add_argument("--closed", action="store_true", help="ask each question of its own article only")
    command.add_argument("--json", action="store_true", help="write measures and outcomes as JSON")
    command.add_argument("--save", metavar="RUN.json", help="keep the run")
    command.add_argument("--compare", metavar="RUN.json", help="show what got better and worse since a kept run")
    for name, meaning in MEASURES.items():
        command.add_argument(
            f"--min-{name.replace('_', '-')}",
            metavar="SHARE",
            type=_share,
            help=f"exit with status 1 below this share: {meaning}",
        )


def evaluate_golden(
    archive: "Archive", options: argparse.Namespace, progress: Callable[[int, int], None] | None = None
) -> bool:
    """Ask the golden questions and write what came of them; whether every bound is held."""
    from retrieval import compare, load_golden, load_run, run_golden, save_run

    golden = load_golden(options.golden, archive.articles)
    earlier = load_run(options.compare) if options.compare else None
    bounds = dict(golden.bounds) | _bounds(options)
    run = run_golden(archive, golden.questions, closed=options.closed, progress=progress)
    if options.save:
        save_run(run, options.save)
    compared = compare(earlier, run) if earlier else None
    sys.stdout.write((as_json if options.json else as_text)(run, bounds, compared) + "\n")
    return not run.below(bounds)


def as_text(run: Run, bounds: Mapping[str, float], compared: Comparison | None = None) -> str:
    """The run as people read it."""
    table = "\n".join(_measure(name, measure, bounds.get(name)) for name, measure in run.measures.items())
    blocks = [f"{len(run.outcomes)} questions\n\n{table}", *_listed("Wrong", run.wrong)]
    if compared:
        blocks += _listed("Better than before", [now for _, now in compared.better])
        blocks += _listed("Worse than before", [now for _, now in compared.worse])
        blocks.append(
            f"Since the run before: {len(compared.better)} better, {len(compared.worse)} worse,"
            f" {compared.new} new, {compared.gone} gone."
        )
    return "\n\n".join(blocks)


def as_json(run: Run, bounds: Mapping[str, float], compared: Comparison | None = None) -> str:
    """The run as machines read it: what `--save` writes, with the bounds and the comparison."""
    from retrieval import run_json

    found = run_json(run) | {"bounds": dict(bounds), "below": run.below(bounds)}
    if compared:
        found["compared"] = {
            "better": [now.key for _, now in compared.better],
            "worse": [now.key for _, now in compared.worse],
            "new": compared.new,
            "gone": compared.gone,
        }
    return json.dumps(found, ensure_ascii=False)


def _share(written: str) -> float:
    share = float(written)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{written} is not a share between 0 and 1")
    return share


def _bounds(options: argparse.Namespace) -> dict[str, float]:
    given = {name: getattr(options, f"min_{name}") for name in MEASURES}
    return {name: share for name, share in given.items() if share is not None}


def _measure(name: str, measure: Measure, bound: float | None) -> str:
    if measure.share is None:
        return f"{MEASURES[name]:40}     –"
    line = f"{MEASURES[name]:40} {measure.share:6.1%}  {measure.count} of {measure.total}"
    if bound is None:
        return line
    return f"{line}  {'BELOW its bound of' if measure.share < bound else 'bound'} {bound:.1%}"


def _listed(heading: str, outcomes: Sequence[Outcome]) -> list[str]:
    return [f"{heading}: {len(outcomes)}", *("\n".join(_lines(one)) for one in outcomes)] if outcomes else []


def _lines(outcome: Outcome) -> Iterator[str]:
    """A question with what was expected and what was given."""
    yield f"  {outcome.question}"
    yield f"    expected  {_folded(' / '.join(outcome.expected)) or NOTHING}{_said(outcome, 0)}"
    yield f"    given     {_folded(outcome.given or '') or NOTHING}{_said(outcome, 1)}"


def _said(outcome: Outcome, side: int) -> str:
    """The speaker and the verdict, where one is expected: side 0 the expected ones, 1 the given."""
    pairs = [pair for pair in (outcome.speakers, outcome.verdicts) if pair]
    return "".join(f" · {pair[side] or 'none'}" for pair in pairs)


def _folded(text: str) -> str:
    return " ".join(text.split())
