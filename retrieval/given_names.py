"""Whether a word is a man's given name, a woman's, or neither, by the encoder's own embedding.

The embeddings of names seen often beside "he" or "she" differ, so a vector learned from some hundred names judges the
rest. Knows nothing of surnames or articles.
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
    """Judges words with learned vectors."""

    def __init__(self, weight: "Tensor") -> None:
        """Take the vectors (3, 3 * width + 1), their last numbers the biases."""
        self._weight = weight
        self._known: dict[str, tuple[float, float, float]] = {}

    def judge(self, word: str) -> tuple[float, float, float]:
        """The probabilities that a word is a man's given name, a woman's, and neither."""
        if word not in self._known:
            logits = self._weight[:, :-1] @ features(word) + self._weight[:, -1]
            man, woman, neither = logits.softmax(0).tolist()
            self._known[word] = (man, woman, neither)
        return self._known[word]
