"""The network, and the files that others read it from."""
from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file

from tiny.halve import main as halve
from tiny.model import Shape, TinyLlama, export

SMALL = Shape(vocabulary=50, width=64, layers=2, feed_forward=96)
IN_A_LAYER = ["input_layernorm", "post_attention_layernorm", *(f"self_attn.{name}_proj" for name in "qkvo"), "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]


def test_the_export_holds_every_weight_under_its_llama_name(tmp_path: Path) -> None:
    model = TinyLlama(SMALL)
    export(model, tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    layers = [f"model.layers.{layer}.{name}.weight" for layer in range(SMALL.layers) for name in IN_A_LAYER]
    assert set(weights) == {"model.embed_tokens.weight", "model.norm.weight", *layers}
    assert sum(weight.numel() for weight in weights.values()) == sum(parameter.numel() for parameter in model.parameters())
    assert torch.equal(weights["model.layers.1.self_attn.k_proj.weight"], model.blocks[1].key.weight)
    config = json.loads((tmp_path / "config.json").read_text())
    assert (config["vocab_size"], config["num_hidden_layers"], config["num_attention_heads"], config["tie_word_embeddings"]) == (50, 2, 2, True)


def test_the_shipped_form_is_the_same_model_in_half_the_size(tmp_path: Path) -> None:
    export(TinyLlama(SMALL), tmp_path / "model")
    halve([str(tmp_path / "model"), str(tmp_path / "half")])
    whole, half = (load_file(tmp_path / name / "model.safetensors") for name in ("model", "half"))
    assert whole.keys() == half.keys()
    assert all(value.dtype == torch.float16 and torch.allclose(value.float(), whole[name], atol=1e-3) for name, value in half.items())
    assert (tmp_path / "half" / "config.json").read_text() == (tmp_path / "model" / "config.json").read_text()


def states(model: TinyLlama, tokens: list[int], positions: list[int], documents: list[int]) -> torch.Tensor:
    with torch.no_grad():
        return model.hidden_states(torch.tensor([tokens]), torch.tensor([positions]), torch.tensor([documents]))[0]


def test_a_packed_document_is_read_as_if_it_stood_alone() -> None:
    torch.manual_seed(0)
    model = TinyLlama(SMALL)
    packed = states(model, [5, 6, 7, 8, 9, 10], [0, 1, 2, 0, 1, 2], [1, 1, 1, 2, 2, 2])
    alone = states(model, [8, 9, 10], [0, 1, 2], [1, 1, 1])
    assert torch.allclose(packed[3:], alone, atol=1e-5)


def test_no_token_sees_a_later_one() -> None:
    torch.manual_seed(0)
    model = TinyLlama(SMALL)
    one, other = (states(model, [5, 6, last], [0, 1, 2], [1, 1, 1]) for last in (7, 8))
    assert torch.equal(one[:2], other[:2]) and not torch.equal(one[2], other[2])


def test_only_scored_places_count_in_the_loss() -> None:
    torch.manual_seed(0)
    model = TinyLlama(SMALL)
    hidden = torch.randn(1, 3, SMALL.width)
    targets, weights = torch.tensor([[-100, 4, -100]]), torch.ones(1, 3)
    loss = model.answer_loss(hidden, targets, weights)
    hidden[0, 0] = hidden[0, 2] = 100.0
    assert torch.equal(loss, model.answer_loss(hidden, targets, weights))
