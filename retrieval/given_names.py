"""How likely a given name is a woman's: a linear probe on the encoder's own embedding of the name.

The embeddings of names seen often beside "he" or "she" differ, so a vector learned from some hundred names judges the rest.
Knows nothing of surnames or articles.
"""

from typing import TYPE_CHECKING

from retrieval.encoder import tokenizer, word_embeddings

if TYPE_CHECKING:
    from torch import Tensor


def features(name: str) -> "Tensor":
    """The embedding of a name: the mean, first and last of its pieces, (3 * width,)."""
    import torch

    pieces = tokenizer()(name.lower(), add_special_tokens=False)["input_ids"] or [0]
    table = word_embeddings().weight[pieces]
    return torch.cat([table.mean(0) * 1.67, table[0] * 0.83, table[-1] * 0.83])


class GivenNames:
    """Judges given names with a learned vector."""

    def __init__(self, weight: "Tensor") -> None:
        """Take the vector (3 * width + 1,), its last number the bias."""
        self._weight = weight.flatten()
        self._known: dict[str, float] = {}

    def woman(self, name: str) -> float:
        """The probability that a given name is a woman's."""
        if name not in self._known:
            logit = features(name) @ self._weight[:-1] + self._weight[-1]
            self._known[name] = float(logit.sigmoid())
        return self._known[name]
