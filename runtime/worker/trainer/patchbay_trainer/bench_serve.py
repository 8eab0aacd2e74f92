"""python -m patchbay_trainer.bench_serve --model FOLDER [--tokens 48] [--rounds 5] [--threads 1]

Tokens a second of the server over HTTP, at 1 and at 8 requests, beside transformers' own `generate` on the same prompts in the same run.
At 8, `generate` gets all prompts as one batch; it has no HTTP to speak, nobody who joins later, and streams nothing. Rounds alternate,
and the median is told with the least and the most, since other work on the machine disturbs both. Answers are greedy and must agree.
"""
from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from aiohttp import ClientSession
from transformers import AutoModelForCausalLM, AutoTokenizer

WORDS = "bako zan mi toru ela lamp order 4417 river stone".split()
PROMPTS = [f"Repeat this text: {' '.join(WORDS[at:] + WORDS[:at])}" for at in range(8)]
Answers = list[tuple[str, int]]


def bare(network: Any, tokenizer: Any, tokens: int, prompts: list[str]) -> Answers:
    """Text and number of tokens of each answer; the end token is not counted, as the server does not."""
    told = [[{"role": "user", "content": prompt}] for prompt in prompts]
    given = tokenizer.apply_chat_template(told, add_generation_prompt=True, return_tensors="pt", padding=True, return_dict=True).to(network.device)
    with torch.inference_mode():
        made = network.generate(input_ids=given["input_ids"], attention_mask=given["attention_mask"], do_sample=False, max_new_tokens=tokens)
    answers = []
    for row in made[:, given["input_ids"].shape[1] :].tolist():
        kept = row[: row.index(tokenizer.eos_token_id)] if tokenizer.eos_token_id in row else row
        answers.append((tokenizer.decode(kept, skip_special_tokens=True), len(kept)))
    return answers


async def served(session: ClientSession, url: str, tokens: int, prompts: list[str]) -> Answers:
    async def one(prompt: str) -> tuple[str, int]:
        body = {"model": "m", "messages": [{"role": "user", "content": prompt}], "temperature": 0, "max_tokens": tokens}
        async with session.post(f"{url}/chat/completions", json=body) as response:
            told = await response.json()
            return told["choices"][0]["message"]["content"], told["usage"]["completion_tokens"]

    return list(await asyncio.gather(*(one(prompt) for prompt in prompts)))


def rate(seconds: float, answers: Answers) -> float:
    return sum(count for _, count in answers) / seconds


async def measure(options: argparse.Namespace, url: str) -> dict[str, list[float]]:
    tokenizer = AutoTokenizer.from_pretrained(options.model, local_files_only=True, padding_side="left")
    dtype = torch.float32 if options.device == "cpu" else "auto"
    network = AutoModelForCausalLM.from_pretrained(options.model, local_files_only=True, use_safetensors=True, dtype=dtype).to(options.device).eval()
    found: dict[str, list[float]] = {}
    async with ClientSession() as session:
        for turn in range(options.rounds + 1):
            for prompts in (PROMPTS[:1], PROMPTS):
                start = time.perf_counter()
                own = bare(network, tokenizer, options.tokens, prompts)
                middle = time.perf_counter()
                theirs = await served(session, url, options.tokens, prompts)
                end = time.perf_counter()
                if own != theirs:
                    raise SystemExit(f"The answers differ:\n{own}\n{theirs}")
                if turn > 0:  # the first round warms both up
                    found.setdefault(f"generate, {len(prompts)}", []).append(rate(middle - start, own))
                    found.setdefault(f"server, {len(prompts)}", []).append(rate(end - middle, theirs))
    return found


def table(found: dict[str, list[float]], show: Callable[[str], None] = print) -> None:
    show("| | tokens/s, median | least – most |\n|-|-|-|")
    for name, rates in sorted(found.items()):
        show(f"| {name} at once | {statistics.median(rates):.0f} | {min(rates):.0f} – {max(rates):.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m patchbay_trainer.bench_serve", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    command = [sys.executable, "-m", "patchbay_trainer.serve", "--model", str(options.model), "--name", "m", "--threads", str(options.threads), "--device", options.device]
    environment = {name: value for name, value in os.environ.items() if name != "PATCHBAY_SERVE_TOKEN"}
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        line = server.stdout.readline()
        if not line:
            raise SystemExit("The server did not start.")
        table(asyncio.run(measure(options, json.loads(line)["url"])))
        print(f"{options.model.name}, {options.device}, {options.threads} thread(s), {platform.machine()}, torch {torch.__version__}, load {os.getloadavg()[0]:.1f}")
    finally:
        server.stdin.close()
        server.wait(20)


if __name__ == "__main__":
    main()
