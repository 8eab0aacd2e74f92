"""What transformers answers, greedily and token by token: the measure for converted files.

    python greedy_tokens.py BASE FOLDER

Prompts come as a JSON list on stdin. Saves two PEFT LoRAs with random weights, FOLDER/lora and FOLDER/stabilised, and prints
the answers of the base and of both as {"plain": [...], "lora": [...], "stabilised": [...]}.
"""
from __future__ import annotations

import json
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

projections = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
longest = 32


def load(folder: str):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


def make_adapter(base: str, out: str, seed: int, stabilised: bool) -> None:
    torch.manual_seed(seed)
    config = LoraConfig(r=8, lora_alpha=16, target_modules=projections, use_rslora=stabilised, task_type="CAUSAL_LM")
    model = get_peft_model(load(base), config)
    for name, weight in model.named_parameters():
        if ".lora_B." in name:  # zeros at first: such an adapter would change nothing
            torch.nn.init.normal_(weight, std=0.17 if stabilised else 0.43)
    model.save_pretrained(out)


@torch.no_grad()
def answers(model, tokenizer, prompts: list[str]) -> list[dict]:
    told = []
    for prompt in prompts:
        ids = tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}], add_generation_prompt=True, return_tensors="pt", return_dict=False
        )
        made = model.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=longest)
        new = made[0, ids.shape[1] :].tolist()
        if new and new[-1] == model.config.eos_token_id:
            new.pop()
        told.append({"prompt": ids.shape[1], "tokens": [tokenizer.decode([one]) for one in new]})
    return told


def main(base: str, folder: str) -> None:
    torch.set_num_threads(1)
    prompts = json.load(sys.stdin)
    tokenizer = AutoTokenizer.from_pretrained(base)
    told = {"plain": answers(load(base), tokenizer, prompts)}
    for name in ["lora", "stabilised"]:
        make_adapter(base, f"{folder}/{name}", seed=1, stabilised=name == "stabilised")
        model = PeftModel.from_pretrained(load(base), f"{folder}/{name}").eval()
        told[name] = answers(model, tokenizer, prompts)
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
