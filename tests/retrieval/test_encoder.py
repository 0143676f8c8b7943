"""The bundled MiniLM and encoders fine-tuned from it."""

from pathlib import Path

import pytest

from retrieval import encoder
from retrieval.errors import ModelError


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bundled encoder itself, saved as a fine-tuned one would be."""
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = tmp_path / "mine"
    folder.mkdir()
    states = AutoModel.from_pretrained(encoder.bundled_folder(), add_pooling_layer=False).state_dict()
    kept = {f"encoder.{name}": tensor for name, tensor in states.items() if "word_embeddings" not in name}
    encoder.save_encoder(folder / "weights.safetensors", kept, int8=True)
    digest = encoder.digest(folder / "weights.safetensors")
    (tmp_path / "SHA256SUMS").write_text(f"{digest}  mine/weights.safetensors\n")
    monkeypatch.setattr(encoder, "MODELS", tmp_path)
    return folder


def test_int8_weights_give_nearly_the_same(saved: Path) -> None:
    """Half a byte of rounding in 127 steps moves the output little, and the file is a quarter of fp32's."""
    import torch
    from transformers import AutoModel

    whole = AutoModel.from_pretrained(encoder.bundled_folder()).eval()
    loaded, heads = encoder.load_encoder(saved)
    pieces = encoder.tokenizer()(["A council voted on Tuesday."], return_tensors="pt")
    with torch.inference_mode():
        one, other = whole(**pieces).last_hidden_state, loaded(**pieces).last_hidden_state
    assert torch.cosine_similarity(one.flatten(), other.flatten(), dim=0) > 0.999
    assert heads == {}
    assert (saved / "weights.safetensors").stat().st_size < 12_000_000


def test_the_embedding_table_is_shared(saved: Path) -> None:
    """However many encoders are loaded, there is one table."""
    one, _ = encoder.load_encoder(saved)
    other, _ = encoder.load_encoder(saved)
    assert one.embeddings.word_embeddings is other.embeddings.word_embeddings


def test_changed_weights_are_refused(saved: Path) -> None:
    """A byte more is another file."""
    with (saved / "weights.safetensors").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelError, match="damaged or changed"):
        encoder.load_encoder(saved)


def test_weights_that_no_list_names_are_refused(saved: Path) -> None:
    """Nor are weights used that nobody vouches for."""
    (saved.parent / "SHA256SUMS").write_text("")
    with pytest.raises(ModelError, match="are not in"):
        encoder.load_encoder(saved)
    (saved.parent / "SHA256SUMS").unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        encoder.load_encoder(saved)


def test_missing_weights_are_named(saved: Path) -> None:
    """By their path."""
    (saved / "weights.safetensors").unlink()
    with pytest.raises(ModelError, match=r"weights\.safetensors cannot be read"):
        encoder.load_encoder(saved)


def test_every_shipped_weight_is_vouched_for() -> None:
    """Each file of weights in the package has the hash that the list gives, and a card beside it."""
    shipped = sorted(encoder.MODELS.glob("*/*.safetensors"))
    assert shipped
    for path in shipped:
        assert encoder.digest(path) == encoder.expected_digest(path)
        assert path.stat().st_size <= 25 * 2**20
        assert (path.parent / "README.md").is_file()
