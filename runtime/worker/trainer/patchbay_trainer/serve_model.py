"""A model in transformers' form with its adapters, loaded for inference. Weights come from safetensors only, from disk only."""
from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PLAIN_LAYERS = {"full_attention", "sliding_attention", "chunked_attention"}


class LoadError(Exception):
    """The folder can not be served; the message says why and what to do."""


def check_folder(folder: Path, config: str) -> None:
    """Unpickling runs code of whoever made the file, so such weights are not even tried."""
    if not (folder / config).is_file():
        raise LoadError(f"{folder} has no {config}. Name the folder that save_pretrained wrote.")
    if any(folder.glob("*.safetensors")):
        return
    pickled = [file.name for pattern in ("*.bin", "*.pt", "*.pth", "*.ckpt") for file in folder.glob(pattern)]
    if pickled:
        raise LoadError(f"{folder} has its weights only as {pickled[0]}, which runs code when it is read. Save it as safetensors.")
    raise LoadError(f"{folder} has no weights. Save the model there as safetensors.")


class ServedModel:
    """The network, its tokenizer and its adapters. Used by one thread at a time: switching adapters changes the network."""

    def __init__(self, folder: Path, name: str, adapters: dict[str, Path], device: str, context: int | None) -> None:
        check_folder(folder, "config.json")
        for path in adapters.values():
            check_folder(path, "adapter_config.json")
        if name in adapters:
            raise LoadError(f'The model and an adapter are both called "{name}". Rename one.')
        self.name, self.ids, self.device = name, [name, *adapters], torch.device(device)
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        dtype = torch.float32 if self.device.type == "cpu" else "auto"
        network = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, use_safetensors=True, dtype=dtype).to(self.device).eval()
        self._peft = self._with_adapters(network, adapters)
        self._inner = {id: f"a{i}" for i, id in enumerate(adapters)}
        self._active: str | None = None
        self.network: Any = network
        self._check_layers()
        self.context = self._context(context)
        self.ends = self._ends()

    @staticmethod
    def _with_adapters(network: Any, adapters: dict[str, Path]) -> Any:
        """PEFT puts its layers into the network itself, which is called directly; this handle switches them."""
        if not adapters:
            return None
        from peft import PeftModel

        wrapped: Any = None
        for i, path in enumerate(adapters.values()):
            kind = json.loads((path / "adapter_config.json").read_text(encoding="utf-8")).get("peft_type")
            if kind != "LORA":
                raise LoadError(f"{path} is a {kind} adapter. LoRA adapters are served.")
            if wrapped is None:
                wrapped = PeftModel.from_pretrained(network, path, adapter_name=f"a{i}", local_files_only=True)
            else:
                wrapped.load_adapter(path, adapter_name=f"a{i}", local_files_only=True)
        return wrapped.eval()

    def _check_layers(self) -> None:
        kinds = set(getattr(self.network.config.get_text_config(), "layer_types", None) or [])
        if not self.network.config.is_encoder_decoder and kinds <= PLAIN_LAYERS and not getattr(self.network, "_is_stateful", False):
            return
        raise LoadError(f"{self.name} is no decoder of attention layers alone, which is what is served here. Serve it with vLLM.")

    def _context(self, asked: int | None) -> int:
        known = getattr(self.network.config.get_text_config(), "max_position_embeddings", None) or 2_048
        if asked is not None and asked > known:
            raise LoadError(f"The model's context is {known} tokens, not {asked}. Ask for less.")
        return asked or known

    def _ends(self) -> frozenset[int]:
        found: set[int] = set()
        for told in (self.network.generation_config.eos_token_id, self.network.config.get_text_config().eos_token_id, self.tokenizer.eos_token_id):
            found |= {told} if isinstance(told, int) else set(told or [])
        return frozenset(found)

    @contextmanager
    def adapted(self, id: str) -> Iterator[Any]:
        """The network as the named model."""
        if self._peft is not None and id != self._active:
            if id == self.name:
                self._peft.base_model.disable_adapter_layers()
            else:
                self._peft.base_model.enable_adapter_layers()
                self._peft.set_adapter(self._inner[id], inference_mode=True)
            self._active = id
        yield self.network

    def prompt(self, messages: list[dict[str, str]]) -> list[int]:
        """The tokens of a conversation, by the model's own chat template."""
        return list(self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False))
