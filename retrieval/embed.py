"""Texts → unit vectors: any sentence-transformers model, the bundled one by default.

Knows nothing of articles.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval import encoder
from retrieval.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
BUNDLED = "bundled"
# Below this mean cosine between the two, bf16 is not taken for fp32.
MIN_COSINE = 0.999
# Texts at a time: of 16 to 128, the quickest for sentences of news.
BATCH = 128
# A question is looked for again when others are offered in place of its answer; so many of the last stay embedded.
KEPT_TEXTS = 256
PROBES = ("A council voted on Tuesday.", "“No one wants peace more than Ukraine,” he said, hours after the call ended.")


class EmbedsTexts(Protocol):
    """Whatever turns texts into unit vectors; vectors of models with different identities are never mixed."""

    @property
    def identity(self) -> str:
        """What tells this model's vectors from another's."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, (len(texts), dimension)."""


class Embedder:
    """A sentence-transformers model, loaded when first needed.

    Args:
        model: `bundled`, a folder, or a name that sentence-transformers knows.
        threads: CPU threads to use; 0 for as many as there are.
    """

    def __init__(self, model: str = BUNDLED, *, threads: int = 0) -> None:
        self.model_name = model
        self.threads = threads

    @cached_property
    def identity(self) -> str:
        """What tells this model's vectors from another's: its name and, of local files, their hash.

        Raises:
            ModelError: The model's files are not there or damaged.
        """
        if self.model_name == BUNDLED:
            encoder.bundled_folder()
            return f"{BUNDLED}:{encoder.SHA256[:16]}"
        folder = Path(self.model_name)
        if not folder.is_dir():
            return self.model_name
        files = sorted(path for path in folder.rglob("*") if path.suffix in (".safetensors", ".bin", ".json"))
        if not files:
            raise ModelError(f"The folder {folder} holds no sentence-transformers model (retrieval.model).")
        together = hashlib.sha256("".join(encoder.digest(path) for path in files).encode())
        return f"{folder.name}:{together.hexdigest()[:16]}"

    @cached_property
    def model(self) -> "SentenceTransformer":
        """The model, in bf16 where the CPU has it and the vectors stay the same, else in fp32.

        Raises:
            ModelError: There is no such model here.
        """
        model = self._load()
        if not encoder.multiplies_bf16():
            return model
        exact = model.encode(list(PROBES), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
        model.bfloat16()
        rounded = self._encode(model, PROBES)
        return model if float((exact * rounded).sum(1).min()) >= MIN_COSINE else model.float()

    @property
    def dimension(self) -> int:
        """Components of a vector."""
        return int(self.model.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts, the longest first so that a batch wastes little on padding.

        Returns:
            Unit vectors, float32, (len(texts), dimension).
        """
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return self._encode(self.model, texts)

    def _load(self) -> "SentenceTransformer":
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        if self.threads:
            torch.set_num_threads(self.threads)
        if self.model_name == BUNDLED:
            return SentenceTransformer(str(encoder.bundled_folder()), device="cpu")
        if _looks_like_path(self.model_name) and not Path(self.model_name).is_dir():
            raise ModelError(f"There is no model folder {self.model_name} (retrieval.model).")
        try:
            return SentenceTransformer(self.model_name)
        except Exception as error:  # the library raises whatever its parts raise
            reason = _in_a_line(error)
            raise ModelError(f"The model {self.model_name} cannot be loaded (retrieval.model): {reason}.") from error

    @staticmethod
    def _encode(model: "SentenceTransformer", texts: Sequence[str]) -> Vectors:
        vectors = model.encode(
            list(texts),
            batch_size=BATCH,
            convert_to_tensor=True,
            normalize_embeddings=False,
            show_progress_bar=False,
        )
        floats = vectors.float().cpu().numpy()
        norms = np.linalg.norm(floats, axis=1, keepdims=True)
        return np.asarray(floats / np.maximum(norms, 1e-12), dtype=np.float32)


def _in_a_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _looks_like_path(name: str) -> bool:
    return name.startswith((".", "/", "~")) or name.count("/") > 1
