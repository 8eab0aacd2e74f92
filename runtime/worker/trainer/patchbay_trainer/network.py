"""The network of a job: loaded from its folder, with an adapter or whole, and saved when it is trained."""
from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from .job import Job, JobError
from .objectives import computes_in

BESIDE_WEIGHTS = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja")


def load_tokenizer(job: Job) -> Any:
    tokenizer = AutoTokenizer.from_pretrained(job.base, local_files_only=True)
    if job.method == "pretrain":
        if tokenizer.eos_token_id is None:
            raise JobError("bad-base", "The base's tokenizer has no sign of the end of a text (eos_token). Name one in its tokenizer_config.json.")
    elif not tokenizer.chat_template:
        raise JobError("bad-base", "The base model has no chat template, so rows can not be written as it reads them. Take its instruction-tuned form.")
    return tokenizer


def load_network(job: Job) -> torch.nn.Module:
    torch.manual_seed(job.seed)  # decides the first values of what is new, and dropout
    # Weights that are only read may be kept as they are computed with; those that are trained would lose small changes.
    dtype = computes_in(job) if job.adapts else torch.float32
    if job.from_scratch:
        network = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(job.base, local_files_only=True), dtype=dtype)
    else:
        network = AutoModelForCausalLM.from_pretrained(job.base, local_files_only=True, use_safetensors=True, dtype=dtype)
    if job.adapts:
        network = get_peft_model(network, LoraConfig(r=job.rank, lora_alpha=job.alpha, lora_dropout=job.dropout, target_modules="all-linear", task_type="CAUSAL_LM"))
    return network.to(job.device).train()


def trained(network: torch.nn.Module) -> dict[str, torch.nn.Parameter]:
    return {name: parameter for name, parameter in network.named_parameters() if parameter.requires_grad}


def save_result(job: Job, network: Any) -> Path:
    """A PEFT folder, or a whole model with the tokenizer's files as the base has them. Complete or not there at all."""
    unfinished, folder = Path(job.out) / "model.tmp", Path(job.out) / "model"
    shutil.rmtree(unfinished, ignore_errors=True)
    network.save_pretrained(unfinished, safe_serialization=True)
    for file in (Path(job.base) / name for name in BESIDE_WEIGHTS):
        if file.exists() and not job.adapts:
            shutil.copy(file, unfinished / file.name)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)
    return folder
