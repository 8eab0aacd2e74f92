"""What job.py reads is what the schema of protocol.ts says."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, get_args, get_type_hints

import pytest
from job_runs import SCHEMA, job_schema, message_schema

from patchbay_trainer.job import AT_LEAST, Job, JobError, parse_job

KINDS = {str: "string", int: "integer", float: "number", bool: "boolean"}


def test_the_options_their_kinds_and_their_least_values_are_those_of_the_schema() -> None:
    options, kinds = SCHEMA["job"]["properties"], get_type_hints(Job)
    assert set(options) == set(kinds)
    assert set(SCHEMA["job"]["required"]) == {field.name for field in fields(Job) if field.default is MISSING}
    for name, kind in kinds.items():
        assert (tuple(options[name].get("enum", ())), options[name]["type"]) == (get_args(kind), KINDS.get(kind, "string"))
    least = {name: option["minimum"] for name, option in options.items() if abs(option.get("minimum", 2**53)) < 2**53 - 1}
    assert least == AT_LEAST


@pytest.mark.parametrize("change", [{"epoch": 2}, {"epochs": 0}, {"epochs": "2"}, {"epochs": True}, {"method": "sft"}, {"precision": "float16"},
                                    {"from_scratch": 1}, {"beta": -1}, {"evaluate_every": 0.5}])
def test_what_the_schema_refuses_is_refused(job_in: Callable[..., dict], change: dict[str, Any]) -> None:
    job = job_in("out")
    assert job_schema.is_valid(job)
    parse_job(job)
    assert not job_schema.is_valid({**job, **change})
    with pytest.raises(JobError):
        parse_job({**job, **change})


def test_a_message_with_a_field_too_many_is_none_of_the_protocol() -> None:
    stop = {"type": "train-stop", "step": 1, "steps": 2}
    assert message_schema.is_valid(stop) and not message_schema.is_valid({**stop, "loss": 1.0})
