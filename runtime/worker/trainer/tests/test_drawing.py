"""The same seed gives the same data."""
from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

from tiny.questions import INSTRUCTIONS, main, questions
from tiny.tasks import LANGUAGES, TASKS, draw_example, task_weights
from tiny.writer import settle_particles

DRAW = "import random; from tiny.tasks import draw_example; rng = random.Random(7); print([draw_example(rng, i / 300) for i in range(300)])"


def test_examples_depend_on_the_seed_alone_not_on_the_process() -> None:
    root = Path(__file__).parent.parent
    said = {subprocess.run([sys.executable, "-c", DRAW], cwd=root, env={**os.environ, "PYTHONHASHSEED": salt, "PYTHONIOENCODING": "utf-8"},
                           capture_output=True, check=True).stdout for salt in ("1", "2")}
    assert len(said) == 1


def test_another_seed_gives_other_examples() -> None:
    first, second = ([draw_example(random.Random(seed), 0.5) for _ in range(5)] for seed in (1, 2))
    assert first != second


def test_every_task_is_drawn_early_and_late() -> None:
    assert all(weight > 0 for progress in (0, 0.1, 1) for weight in task_weights(progress))
    assert task_weights(0) == [task.early for task in TASKS.values()]
    assert task_weights(0.5) == task_weights(1) == [task.weight for task in TASKS.values()]


def test_questions_are_different_and_the_same_for_a_seed() -> None:
    first, again, other = (list(questions("urgency", "ko", "new", 40, seed)) for seed in (1, 1, 2))
    assert len({question["prompt"] for question in first}) == 40
    assert first == again != other


def test_the_file_holds_n_questions_for_each_task_language_and_wording(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    main(["--out", str(file), "--each", "3"])
    cells = [(row["task"], row["language"], row["wording"]) for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())]
    assert {cell: cells.count(cell) for cell in cells} == {(task, language, wording): 3 for task in TASKS for language in LANGUAGES for wording in INSTRUCTIONS}


def test_a_question_about_sums_has_the_right_answer() -> None:
    for language in LANGUAGES:
        for question in questions("add_numbers", language, "known", 50, 3):
            left, right = (int(part) for part in "".join(letter if letter.isdigit() else " " for letter in question["prompt"]).split())
            assert question["answer"] == str(left + right)


def test_korean_particles_fit_the_letter_before_them() -> None:
    cases = {"책(은/는)": "책은", "나무(은/는)": "나무는", "서울(으로/로)": "서울로", "부산(으로/로)": "부산으로", "제주(으로/로)": "제주로", "A1(이/가)": "A1이", "A2(이/가)": "A2가"}
    assert {text: settle_particles(text) for text in cases} == cases
