"""Builds the tokenizer: byte-level BPE whose merges keep a word's tokens the same wherever it stands.

A copying model wants "bako" to be the same tokens after a space, after a quote and at the start of the answer.
Ordinary BPE breaks this (" bako" begins with a space-letter merge). So the merges come in three parts:
  1. English merges, learned on words without their space;
  2. one token for every Korean syllable in use (two merges each), and no merge across syllables;
  3. last, so that they never disturb the others: "space + word" for the frequent words of instructions.
Whatever is not covered falls back to bytes, as in every byte-level BPE.

    python -m tiny.tokenizer --out work/tokenizer
"""
from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from .tasks import draw_example
from .words import KOREAN_SYLLABLES

QWEN2_SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
               r"|\s*[\r\n]+|\s+(?!\S)|\s+")
"""Qwen 2's pre-tokenizer pattern, which llama.cpp knows by the name `qwen2`."""
SPECIAL_TOKENS = ["<|pad|>", "<|im_start|>", "<|im_end|>"]
SPACE = "Ġ"
"""How byte-level BPE writes a space."""
CHAT_TEMPLATE = ("{% for m in messages %}{{'<|im_start|>'+m['role']+'\n'+m['content']+'<|im_end|>\n'}}{% endfor %}"
                 "{% if add_generation_prompt %}{{'<|im_start|>assistant\n'}}{% endif %}")


def byte_characters() -> dict[int, str]:
    """The printable character that stands for each byte (GPT-2's table)."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {**{byte: chr(byte) for byte in shown}, **{byte: chr(256 + place) for place, byte in enumerate(hidden)}}


def sample_texts(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [text for _ in range(count) for turn in draw_example(rng, 1.0) for text in turn]


def learn_english(words: Counter[str], size: int) -> tuple[list[str], list[tuple[str, str]]]:
    """The vocabulary (in id order) and merges of BPE over words without their spaces."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                  special_tokens=SPECIAL_TOKENS, show_progress=False)
    tokenizer.train_from_iterator((word for word, times in words.items() for _ in range(times)), trainer)
    state = json.loads(tokenizer.to_str())["model"]
    return sorted(state["vocab"], key=state["vocab"].get), [tuple(merge) for merge in state["merges"]]


def korean_merges(syllables: list[str]) -> list[tuple[str, str]]:
    """Two merges a syllable: its first two bytes, then the third; all first ones before all second ones."""
    shown = byte_characters()
    merges: dict[tuple[str, str], None] = {}
    for syllable in syllables:
        first, second, third = (shown[byte] for byte in syllable.encode())
        merges[first, second] = None
        merges[first + second, third] = None
    return sorted(merges, key=lambda pair: len(pair[0]))


SIZE = 1_792
SPACED_WORDS = 200
"""Tokens of "space + word", for the most frequent words."""


def build(size: int = SIZE, spaced_words: int = SPACED_WORDS, seed: int = 0, examples: int = 20_000) -> Tokenizer:
    texts = sample_texts(examples, seed)
    words = Counter(word for text in texts for word in re.findall(r"[A-Za-z]+", text))
    syllables = Counter(letter for text in texts for letter in text if "가" <= letter <= "힣")
    korean = korean_merges(sorted(letter for letter, times in syllables.items() if times >= 3 or letter in KOREAN_SYLLABLES))
    vocabulary, merges = learn_english(words, size - len(korean) - spaced_words)
    spaced = Counter(word for text in texts for word in re.findall(r"(?<= )[A-Za-z]{2,}", text))
    known = set(vocabulary)
    frequent = [word for word, _ in spaced.most_common() if word in known][:spaced_words]
    for left, right in korean + [(SPACE, word) for word in frequent]:
        merges.append((left, right))
        vocabulary.append(left + right)
    tokenizer = Tokenizer(models.BPE(vocab={token: place for place, token in enumerate(vocabulary)}, merges=merges))
    tokenizer.add_special_tokens(SPECIAL_TOKENS)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN2_SPLIT), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def save(tokenizer: Tokenizer, folder: Path) -> None:
    """Writes the three files that transformers and our GGUF converter read."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    _, start, end = SPECIAL_TOKENS
    config = {"bos_token": start, "eos_token": end, "pad_token": SPECIAL_TOKENS[0], "tokenizer_class": "PreTrainedTokenizerFast"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--spaced-words", type=int, default=SPACED_WORDS)
    options = parser.parse_args()
    tokenizer = build(options.size, options.spaced_words)
    save(tokenizer, options.out)
    print(f"{tokenizer.get_vocab_size()} tokens")


if __name__ == "__main__":
    main()
