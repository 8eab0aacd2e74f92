"""Answers of a model in transformers' form, a piece of text at a time."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, StoppingCriteria, StoppingCriteriaList, TextIteratorStreamer

NOT_BUILT = ("tools", "response_format", "logprobs", "logit_bias", "functions")


class Stopped(Exception):
    """Nobody listens any more."""


class Problem(Exception):
    def __init__(self, code: str, message: str, status: int = 400, param: str | None = None):
        super().__init__(message)
        self.code, self.status, self.param = code, status, param


@dataclass
class Asked:
    model: str
    tokens: torch.Tensor
    options: dict[str, Any]
    most: int
    seed: int | None
    finish: str = "stop"
    answered: int = 0

    def usage(self) -> dict[str, int]:
        prompt = self.tokens.shape[1]
        return {"prompt_tokens": prompt, "completion_tokens": self.answered, "total_tokens": prompt + self.answered}


class Watch(StoppingCriteria):
    """Ends a generation that nobody reads, and counts its tokens."""

    def __init__(self, asked: Asked, stop: threading.Event):
        self.asked, self.stop = asked, stop

    def __call__(self, ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        self.asked.answered = ids.shape[1] - self.asked.tokens.shape[1]
        return torch.full((ids.shape[0],), self.stop.is_set(), dtype=torch.bool, device=ids.device)


class Generator:
    def __init__(self, name: str, folder: str, adapters: dict[str, str], cuda: bool):
        self.names, self.base, self.lock = [name, *adapters], name, threading.Lock()
        self.device = "cuda" if cuda else "cpu"
        if not cuda:
            torch.set_num_threads(1)
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, use_safetensors=True, dtype=torch.bfloat16 if cuda else torch.float32)
        if adapters:
            from peft import PeftModel

            (first, path), *others = adapters.items()
            # PEFT's names of adapters are names of modules, which have no dots.
            model = PeftModel.from_pretrained(model, path, adapter_name=self.inner(first), local_files_only=True, use_safetensors=True)
            for other, path in others:
                model.load_adapter(path, adapter_name=self.inner(other), local_files_only=True, use_safetensors=True)
        self.adapted, self.model = bool(adapters), model.to(self.device).eval()

    def inner(self, name: str) -> str:
        return f"adapter{self.names.index(name)}"

    def read(self, body: Any) -> Asked:
        if not isinstance(body, dict) or not isinstance(body.get("messages"), list) or not body["messages"]:
            raise Problem("invalid_body", "Give messages, a list that is not empty.", param="messages")
        if body.get("model") not in self.names:
            raise Problem("model_not_found", f"There is no model {body.get('model')}. There are: {', '.join(self.names)}.", 404, "model")
        if unknown := [name for name in NOT_BUILT if body.get(name)]:
            raise Problem("unsupported_parameter", f"{unknown[0]} is not built into this server. Leave it out, or serve the model with vLLM.", param=unknown[0])
        if body.get("n") not in (None, 1):
            raise Problem("unsupported_parameter", "Only one answer at a time: leave n out.", param="n")
        try:
            tokens = self.tokenizer.apply_chat_template(body["messages"], add_generation_prompt=True, return_tensors="pt", return_dict=True)["input_ids"]
        except Exception as problem:
            raise Problem("invalid_body", f"The messages can not be written as this model reads them: {problem}", param="messages") from problem
        room = self.model.config.max_position_embeddings - tokens.shape[1]
        if room < 1:
            raise Problem("context_length_exceeded", f"The messages have {tokens.shape[1]} tokens; the model takes {self.model.config.max_position_embeddings} with the answer.", param="messages")
        try:
            temperature, share = float(body.get("temperature", 1) or 0), float(body.get("top_p", 1) or 1)
            most = int(body.get("max_completion_tokens") or body.get("max_tokens") or room)
            seed = None if body.get("seed") is None else int(body["seed"])
        except (TypeError, ValueError) as problem:
            raise Problem("invalid_body", f"temperature, top_p, max_tokens and seed are numbers: {problem}") from problem
        stops = body.get("stop") or []
        options: dict[str, Any] = {"do_sample": temperature > 0, "top_k": 0}
        if temperature > 0:
            options |= {"temperature": temperature, "top_p": share}
        if stops:
            options |= {"stop_strings": [stops] if isinstance(stops, str) else list(stops), "tokenizer": self.tokenizer}
        return Asked(body["model"], tokens, options, max(1, min(most, room)), seed)

    def generate(self, asked: Asked, stop: threading.Event, streamer: TextIteratorStreamer, failed: list[BaseException]) -> None:
        try:
            with self.lock, torch.inference_mode():
                if stop.is_set():
                    return
                if asked.seed is not None:
                    torch.manual_seed(asked.seed)
                if self.adapted and asked.model != self.base:
                    self.model.set_adapter(self.inner(asked.model))
                ids = asked.tokens.to(self.device)
                given = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "max_new_tokens": asked.most, "streamer": streamer, **asked.options,
                         "pad_token_id": self.tokenizer.pad_token_id or self.tokenizer.eos_token_id, "stopping_criteria": StoppingCriteriaList([Watch(asked, stop)])}
                if self.adapted and asked.model == self.base:
                    with self.model.disable_adapter():
                        self.model.generate(**given)
                else:
                    self.model.generate(**given)
                asked.finish = "length" if asked.answered >= asked.most else "stop"
        except BaseException as problem:
            failed.append(problem)
        finally:
            streamer.end()

    def pieces(self, asked: Asked, stop: threading.Event) -> Iterator[str]:
        streamer = TextIteratorStreamer(self.tokenizer, skip_prompt=True, skip_special_tokens=True)
        failed: list[BaseException] = []
        thread = threading.Thread(target=self.generate, args=(asked, stop, streamer, failed), daemon=True)
        thread.start()
        for piece in streamer:
            if stop.is_set():
                raise Stopped
            if piece:
                yield piece
        thread.join()
        if failed:
            raise failed[0]
