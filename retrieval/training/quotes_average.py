"""Average the weights of several runs of the tagger into one file, which is often better than each.

    python -m retrieval.training.quotes_average OUT.safetensors RUN.safetensors RUN.safetensors …

The runs must have begun from the same weights, as runs do that go on from one another. Knows nothing of how they were
trained.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from retrieval.encoder import dequantised, save_encoder


def average(runs: Sequence[dict[str, Tensor]], shares: Sequence[float] | None = None) -> dict[str, Tensor]:
    """The mean of each weight that all runs have; each run counts as its share says, or as much as the others."""
    shared = set.intersection(*(set(run) for run in runs))
    counted = torch.tensor(shares or [1.0] * len(runs))
    counted /= counted.sum()
    stacked = {name: torch.stack([run[name].float() for run in runs], dim=-1) for name in sorted(shared)}
    return {name: values @ counted for name, values in stacked.items()}


def main() -> int:
    """Average from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("runs", type=Path, nargs="+")
    options = parser.parse_args()
    save_encoder(options.out, average([dequantised(load_file(run)) for run in options.runs]), int8=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
