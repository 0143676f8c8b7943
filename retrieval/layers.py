"""An encoder's layers with int8 matrices: quicker than bf16 on a CPU that multiplies bytes, and nearly as exact.

Activations are made int8 as they come, with one scale for all of them. A few channels of MiniLM reach ten times as far
as the others and would take that scale for themselves: into a layer they are drawn in and their weights made larger,
within it they are multiplied apart, in float32. Knows BERT's layers and nothing of what they are for.
"""

import warnings
from collections.abc import Callable, Mapping

import torch
from torch import nn
from torch.nn import functional
from transformers import BertModel

# How far a channel may reach, as a multiple of the median one, before it is drawn in: of 1 to 6, the scores of 60
# windows came nearest to those in float32 with 2 and 3.
FAR = 3
# Channels within a layer that are multiplied apart: as exact as with 16 of them.
APART = 2


class Int8Linear:
    """A linear map of int8 weights with a scale for each row.

    Args:
        weight: (out, in) float32.
        bias: (out,).
        reached: The largest absolute input seen in each channel, (in,).
    """

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor, reached: torch.Tensor) -> None:
        drawn_in = (reached / (FAR * reached.median())).clamp_min(1)
        self._even = 1 / drawn_in
        self._packed = _packed(weight * drawn_in, bias)

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        """(tokens, in) → (tokens, out), float32."""
        return _mapped(inputs * self._even, self._packed)


class Int8Narrowing:
    """A linear map of int8 weights, but for the channels that reach furthest; see `Int8Linear`."""

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor, reached: torch.Tensor) -> None:
        self._apart = reached.topk(APART).indices
        self._columns = weight.T[self._apart].contiguous()
        self._packed = _packed(weight.index_fill(1, self._apart, 0), bias)

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        """(tokens, in) → (tokens, out), float32; the inputs are used up."""
        apart = inputs[:, self._apart]
        mapped = _mapped(inputs.index_fill_(1, self._apart, 0), self._packed)
        for column, weights in zip(apart.T, self._columns, strict=True):
            mapped.addcmul_(column[:, None], weights)
        return mapped


def _packed(weight: torch.Tensor, bias: torch.Tensor) -> object:
    scales = (weight.abs().amax(1) / 127).clamp_min(1e-12).double()
    with warnings.catch_warnings():  # torch means to drop tensors of this type; the versions we allow have them
        warnings.filterwarnings("ignore", "torch.quantize_per_tensor", UserWarning)
        rows = torch.quantize_per_channel(weight, scales, torch.zeros(len(scales)).long(), 0, torch.qint8)
    return torch.ops.quantized.linear_prepack(rows, bias)


def _mapped(inputs: torch.Tensor, packed: object) -> torch.Tensor:
    reduced_range = False  # of 7 bits, for CPUs without VNNI
    mapped: torch.Tensor = torch.ops.quantized.linear_dynamic(inputs, packed, reduced_range)
    return mapped


class Int8Layer:
    """One of BERT's layers.

    Args:
        layer: Its weights, float32.
        heads: How many heads its attention has.
        reached: How far each input channel of its maps reaches, by the map's name in the layer.
    """

    def __init__(self, layer: nn.Module, heads: int, reached: Mapping[str, torch.Tensor]) -> None:
        self._norms = (layer.get_submodule("attention.output.LayerNorm"), layer.get_submodule("output.LayerNorm"))
        self._heads = heads

        def parts(*names: str) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            weights: list[torch.Tensor] = [layer.get_parameter(f"{name}.weight") for name in names]
            biases: list[torch.Tensor] = [layer.get_parameter(f"{name}.bias") for name in names]
            return torch.cat(weights), torch.cat(biases), reached[names[0]]

        self._attend = Int8Linear(*parts(*(f"attention.self.{name}" for name in ("query", "key", "value"))))
        self._attended = Int8Linear(*parts("attention.output.dense"))
        self._widen = Int8Linear(*parts("intermediate.dense"))
        self._narrow = Int8Narrowing(*parts("output.dense"))

    def __call__(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(tokens of all texts, dimension) → the same; `mask` is (texts, 1, 1, tokens of a text), True where one is."""
        texts, _, _, length = mask.shape
        query, key, value = self._attend(hidden).view(texts, length, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        first, second = self._norms
        hidden = first(hidden + self._attended(seen.transpose(1, 2).reshape(hidden.shape)))
        normed: torch.Tensor = second(hidden + self._narrow(functional.gelu(self._widen(hidden))))
        return normed


class Int8Layers:
    """All layers of an encoder.

    Args:
        encoder: In float32 and evaluation mode.
        ids, types, mask: Texts to see in which channels reach far, (texts, tokens).
    """

    def __init__(self, encoder: BertModel, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> None:
        self._embeddings = encoder.embeddings
        reached = _reached(encoder, ids, types, mask)
        self._layers = [
            Int8Layer(
                layer,
                encoder.config.num_attention_heads,
                {name: far for (owner, name), far in reached.items() if owner is layer},
            )
            for layer in encoder.encoder.layer
        ]

    def __call__(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Token ids (texts, tokens) → the last layer's output (texts, tokens, dimension)."""
        embedded: torch.Tensor = self._embeddings(input_ids=ids, token_type_ids=types)
        hidden, seen = embedded.flatten(0, 1), mask.bool()[:, None, None]
        for layer in self._layers:
            hidden = layer(hidden, seen)
        return hidden.view(embedded.shape)


def _reached(
    encoder: BertModel, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor
) -> dict[tuple[nn.Module, str], torch.Tensor]:
    """The largest absolute input of each linear map in each channel."""
    reached: dict[tuple[nn.Module, str], torch.Tensor] = {}

    def note(layer: nn.Module, name: str) -> Callable[[nn.Module, tuple[torch.Tensor, ...]], None]:
        def noted(_: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            reached[layer, name] = inputs[0].abs().flatten(0, -2).amax(0)

        return noted

    hooks = [
        part.register_forward_pre_hook(note(layer, name))
        for layer in encoder.encoder.layer
        for name, part in layer.named_modules()
        if isinstance(part, nn.Linear)
    ]
    with torch.inference_mode():
        encoder(input_ids=ids, token_type_ids=types, attention_mask=mask)
    for hook in hooks:
        hook.remove()
    return reached
