"""The encoder's layers in int8 beside the same in float32."""

import pytest
import torch
from transformers import BertConfig, BertModel

from retrieval.encoder import multiplies_int8
from retrieval.layers import Int8Layers, Int8Linear, Int8Narrowing

pytestmark = pytest.mark.skipif(not multiplies_int8(), reason="this CPU does not multiply int8 matrices")

IDS = torch.tensor([[5, 6, 7, 8, 9, 10, 11, 12], [12, 11, 10, 9, 8, 0, 0, 0]])
MASK = (IDS > 0).long()
TYPES = torch.zeros_like(IDS)


@pytest.fixture
def encoder() -> BertModel:
    """A small encoder one of whose channels reaches far beyond the others, as MiniLM's do."""
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=40, hidden_size=64, num_hidden_layers=3, num_attention_heads=4, intermediate_size=128
    )
    model: BertModel = BertModel(config, add_pooling_layer=False)
    model.train(mode=False)
    with torch.no_grad():
        for layer in model.encoder.layer:
            layer.get_parameter("attention.output.LayerNorm.weight")[9] = 25.0
            layer.get_parameter("intermediate.dense.bias")[3] = 20.0
    return model


def worst(found: torch.Tensor, wanted: torch.Tensor) -> float:
    """The largest difference, in standard deviations of what is wanted."""
    return float((found - wanted).abs().max() / wanted.std())


def test_the_layers_give_what_float32_gives(encoder: BertModel) -> None:
    """No output of a token is further off than a sixth of the outputs' spread, with a channel that reaches far."""
    with torch.inference_mode():
        wanted = encoder(input_ids=IDS, token_type_ids=TYPES, attention_mask=MASK).last_hidden_state
        found = Int8Layers(encoder, IDS, TYPES, MASK)(IDS, TYPES, MASK)
    assert found.shape == wanted.shape
    assert worst(found[MASK.bool()], wanted[MASK.bool()]) < 1 / 6


def test_what_is_padded_does_not_matter(encoder: BertModel) -> None:
    """Tokens beyond a text's end change nothing of the text's own."""
    with torch.inference_mode():
        layers = Int8Layers(encoder, IDS, TYPES, MASK)
        other = torch.where(MASK.bool(), IDS, 20)
        assert worst(layers(other, TYPES, MASK)[1, :5], layers(IDS, TYPES, MASK)[1, :5]) < 0.1


def test_a_far_channel_does_not_take_the_scale_of_the_others() -> None:
    """A map whose input has a channel a hundred times the others is nearly exact, and far off without knowing of it."""
    torch.manual_seed(0)
    inputs, weight, bias = torch.randn(32, 64), torch.randn(16, 64), torch.randn(16)
    inputs[:, 5] *= 100
    weight[:, 5] /= 100
    wanted = inputs @ weight.T + bias
    reached, unknown = inputs.abs().amax(0), torch.ones(64)
    assert worst(Int8Linear(weight, bias, reached)(inputs), wanted) < 0.1
    assert worst(Int8Linear(weight, bias, unknown)(inputs), wanted) > 0.3
    assert worst(Int8Narrowing(weight, bias, reached)(inputs.clone()), wanted) < 0.1
