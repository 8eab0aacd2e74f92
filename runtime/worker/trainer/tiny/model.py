"""The network: a plain Llama (RMSNorm, rotary attention, SwiGLU, tied embeddings).

Written out here, instead of using transformers' class, because on a CPU a model this small spends more time in
Python and in mask building than in matrix products. `export` saves it under the names that transformers and our
GGUF converter expect.
"""
from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    vocabulary: int = 1536
    width: int = 192
    layers: int = 6
    feed_forward: int = 512
    head_width: int = 32
    context: int = 512
    rope_theta: float = 10_000.0
    norm_epsilon: float = 1e-5

    @property
    def heads(self) -> int:
        return self.width // self.head_width


class RmsNorm(nn.Module):
    def __init__(self, width: int, epsilon: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, hidden: Tensor) -> Tensor:
        return F.rms_norm(hidden, (hidden.shape[-1],), self.weight.to(hidden.dtype), self.epsilon)


def rotary_tables(shape: Shape) -> tuple[Tensor, Tensor]:
    """cos and sin of every position's angles, laid out for transformers' rotate-half convention."""
    half = torch.arange(0, shape.head_width, 2, dtype=torch.float32) / shape.head_width
    angles = torch.outer(torch.arange(shape.context, dtype=torch.float32), shape.rope_theta ** -half)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()


def rotate(heads: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    first, second = heads.chunk(2, dim=-1)
    return heads * cos + torch.cat([-second, first], dim=-1) * sin


class Block(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.head_width = shape.head_width
        self.attention_norm = RmsNorm(shape.width, shape.norm_epsilon)
        self.query, self.key, self.value, self.output = (nn.Linear(shape.width, shape.width, bias=False) for _ in range(4))
        self.feed_norm = RmsNorm(shape.width, shape.norm_epsilon)
        self.gate = nn.Linear(shape.width, shape.feed_forward, bias=False)
        self.up = nn.Linear(shape.width, shape.feed_forward, bias=False)
        self.down = nn.Linear(shape.feed_forward, shape.width, bias=False)

    def attend(self, hidden: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = hidden.shape
        split = (batch, length, width // self.head_width, self.head_width)
        query, key, value = (project(hidden).view(split).transpose(1, 2) for project in (self.query, self.key, self.value))
        query, key = rotate(query, cos, sin), rotate(key, cos, sin)
        # Written out: for short rows on a CPU, the backward pass of the fused kernel took 42 % of a step.
        scores = (query * self.head_width**-0.5) @ key.transpose(-2, -1)
        mixed = torch.softmax(scores + mask, dim=-1) @ value
        return self.output(mixed.transpose(1, 2).reshape(batch, length, width))

    def forward(self, hidden: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        hidden = hidden + self.attend(self.attention_norm(hidden), cos, sin, mask)
        normed = self.feed_norm(hidden)
        return hidden + self.down(F.silu(self.gate(normed)) * self.up(normed))


class TinyLlama(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.final_norm = RmsNorm(shape.width, shape.norm_epsilon)
        cos, sin = rotary_tables(shape)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                writes_residual = name.endswith(("output.weight", "down.weight"))
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * shape.layers) if writes_residual else 0.02)

    def hidden_states(self, tokens: Tensor, positions: Tensor, documents: Tensor) -> Tensor:
        """Rows (batch, length) hold several documents one after another; `documents` numbers them so that none sees another."""
        hidden = self.embedding(tokens)
        cos, sin = self.cos[positions].unsqueeze(1), self.sin[positions].unsqueeze(1)
        length = tokens.shape[1]
        earlier = torch.ones(length, length, dtype=torch.bool, device=tokens.device).tril()
        visible = earlier & (documents.unsqueeze(2) == documents.unsqueeze(1))
        mask = torch.zeros(visible.shape, device=tokens.device).masked_fill(~visible, -torch.inf).unsqueeze(1)
        if torch.is_autocast_enabled(tokens.device.type):
            hidden, cos, sin, mask = hidden.bfloat16(), cos.bfloat16(), sin.bfloat16(), mask.bfloat16()
        for block in self.blocks:
            hidden = block(hidden, cos, sin, mask)
        return self.final_norm(hidden)

    def answer_loss(self, hidden: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        """Weighted cross entropy at the answers' positions only: the output layer never sees the prompts."""
        scored = targets >= 0
        logits = F.linear(hidden[scored], self.embedding.weight).float()
        losses = F.cross_entropy(logits, targets[scored], reduction="none")
        return (losses * weights[scored]).sum() / weights[scored].sum()


EXPORTED = {
    "attention_norm": "input_layernorm", "feed_norm": "post_attention_layernorm", "query": "self_attn.q_proj", "key": "self_attn.k_proj",
    "value": "self_attn.v_proj", "output": "self_attn.o_proj", "gate": "mlp.gate_proj", "up": "mlp.up_proj", "down": "mlp.down_proj",
}


def exported_name(name: str) -> str:
    if name == "embedding.weight":
        return "model.embed_tokens.weight"
    if name == "final_norm.weight":
        return "model.norm.weight"
    _, layer, part, _ = name.split(".")
    return f"model.layers.{layer}.{EXPORTED[part]}.weight"


def exported_config(shape: Shape) -> dict[str, object]:
    return {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "dtype": "float32", "vocab_size": shape.vocabulary,
        "hidden_size": shape.width, "head_dim": shape.head_width, "num_hidden_layers": shape.layers, "intermediate_size": shape.feed_forward,
        "num_attention_heads": shape.heads, "num_key_value_heads": shape.heads, "max_position_embeddings": shape.context,
        "rms_norm_eps": shape.norm_epsilon, "rope_parameters": {"rope_theta": shape.rope_theta, "rope_type": "default"},
        "hidden_act": "silu", "attention_bias": False, "mlp_bias": False, "tie_word_embeddings": True,
        "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
    }


def export(model: TinyLlama, folder: Path) -> None:
    """Writes config.json and model.safetensors as transformers' LlamaForCausalLM reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {exported_name(name): value.detach().float().cpu().clone().contiguous() for name, value in model.named_parameters()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(exported_config(model.shape), indent=2) + "\n")


def read_weights(model: TinyLlama, folder: Path) -> None:
    """The weights of an exported model of the same shape, in whatever precision it was saved."""
    saved = load_file(folder / "model.safetensors")
    model.load_state_dict({name: saved[exported_name(name)].float() for name, _ in model.named_parameters()})
