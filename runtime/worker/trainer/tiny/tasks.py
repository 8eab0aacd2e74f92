"""The table of tasks, and how examples are drawn from it during training and for evaluation."""
from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from . import copying, labelling, reading, repeating
from .copying import Turns
from .writer import Writer


@dataclass(frozen=True)
class Task:
    write: Callable[[Writer], Turns]
    weight: float
    """How often it is drawn once the whole table is in use."""
    early: float
    """How often it is drawn at the start, when the model still has to learn to copy."""


TASKS: dict[str, Task] = {
    "copy": Task(repeating.copy_text, 4, 6),
    "pick_item": Task(copying.pick_item, 1.5, 2),
    "look_up": Task(copying.look_up, 4.5, 6),
    "fill_template": Task(copying.fill_template, 1.5, 2),
    "sort_numbers": Task(copying.sort_numbers, 2.5, 0.3),
    "add_numbers": Task(copying.add_numbers, 1.2, 0.2),
    "answer_question": Task(reading.answer_question, 8, 2),
    "answerable": Task(reading.answerable, 1.2, 0.2),
    "extract_json": Task(reading.extract_json, 5, 1.5),
    "described_labels": Task(labelling.described_labels, 2, 1),
    "follow_rule": Task(labelling.follow_rule, 2, 1),
    "classify_ticket": Task(labelling.classify_ticket, 3.5, 0.5),
    "sentiment": Task(labelling.sentiment, 2.5, 0.3),
    "urgency": Task(labelling.urgency, 2, 0.2),
    "name_language": Task(labelling.name_language, 0.4, 0.1),
}
LANGUAGES = ("en", "ko")
CURRICULUM_SHARE = 0.2
"""The part of training over which the early weights give way to the final ones."""
EASE_SHARE = 0.45
"""The part of training over which the easy forms fade out."""


def task_weights(progress: float) -> list[float]:
    blend = min(1.0, progress / CURRICULUM_SHARE)
    return [task.early * (1 - blend) + task.weight * blend for task in TASKS.values()]


def draw_example(rng: random.Random, progress: float) -> Turns:
    """One training example. `progress` runs from 0 to 1 over the whole training."""
    name = rng.choices(list(TASKS), task_weights(progress))[0]
    ease = max(0.0, 0.9 * (1 - progress / EASE_SHARE))
    return TASKS[name].write(Writer(rng, rng.choice(LANGUAGES), "train", ease=ease))


def draw_for(task: str, language: str, split: str, rng: random.Random, instructions: str | None = None) -> Turns:
    """One example of a task from the given split of words and contents, and of instructions."""
    return TASKS[task].write(Writer(rng, language, split, instructions))


def chat_prompt(user_message: str) -> str:
    return f"<|im_start|>user\n{user_message}<|im_end|>\n<|im_start|>assistant\n"
