"""Average the weights of runs of the ranker that went on from one another, which is often better than each.

    python -m retrieval.training.ranker_average build/out.pt build/f.pt:0.7 build/d.pt:0.3

Knows nothing of how they were trained.
"""

import argparse
from pathlib import Path

import torch

from retrieval.training.quotes_average import average


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
    paths, shares = zip(*options.runs, strict=True)
    torch.save(average([torch.load(path) for path in paths], shares), options.out)


if __name__ == "__main__":
    main()
