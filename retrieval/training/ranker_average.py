"""Average the weights of runs of the ranker that went on from one another, which is often better than each.

    python -m retrieval.training.ranker_average build/out.pt build/f.pt:0.7 build/d.pt:0.3

Knows nothing of how they were trained.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor


def average(runs: Sequence[tuple[dict[str, Tensor], float]]) -> dict[str, Tensor]:
    """The mean of each weight, each run with its share; whole numbers are the first run's."""
    whole = sum(share for _, share in runs)
    first, _ = runs[0]
    return {
        name: torch.stack([run[name] * (share / whole) for run, share in runs]).sum(0)
        if value.is_floating_point()
        else value
        for name, value in first.items()
    }


def shared(text: str) -> tuple[Path, float]:
    """A run and its share, as written: PATH:SHARE."""
    path, _, share = text.rpartition(":")
    return Path(path), float(share)


def main() -> None:
    """Average from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("runs", type=shared, nargs="+", metavar="PATH:SHARE")
    options = parser.parse_args()
    torch.save(average([(torch.load(path), share) for path, share in options.runs]), options.out)


if __name__ == "__main__":
    main()
