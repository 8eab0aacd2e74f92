"""Writes held-out questions as JSON lines: n for each task, language and kind of wording.

    python -m tiny.questions --out work/questions.jsonl --each 500

Words, codes, pairs, sorted sets and content sentences are those that training never draws, in every line. What is asked
is worded in a way that training never uses ("new") or does use ("known").
"""
from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from .tasks import LANGUAGES, TASKS, draw_for

INSTRUCTIONS = {"new": "held_out", "known": "train"}
MOST_DRAWS = 200
"""Draws per question wanted, after which a task counts as exhausted."""


def questions(task: str, language: str, wording: str, each: int, seed: int) -> Iterator[dict[str, str]]:
    """Different questions, the same for the same seed. Of a conversation only its first turn is asked."""
    rng = random.Random(f"{seed} {task} {language} {wording}")
    asked: set[str] = set()
    for _ in range(each * MOST_DRAWS):
        if len(asked) == each:
            return
        prompt, answer = draw_for(task, language, "held_out", rng, INSTRUCTIONS[wording])[0]
        if prompt not in asked:
            asked.add(prompt)
            yield {"task": task, "language": language, "wording": wording, "prompt": prompt, "answer": answer}
    raise SystemExit(f"{task} ({language}, {wording}) has only {len(asked)} different questions. Ask for fewer with --each.")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--each", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tasks", nargs="+", choices=list(TASKS), default=list(TASKS))
    options = parser.parse_args(arguments)
    count = 0
    with open(options.out, "w", encoding="utf-8") as lines:
        for task in options.tasks:
            for language in LANGUAGES:
                for wording in INSTRUCTIONS:
                    for question in questions(task, language, wording, options.each, options.seed):
                        lines.write(json.dumps(question, ensure_ascii=False) + "\n")
                        count += 1
    print(f"{count} questions")


if __name__ == "__main__":
    main()
