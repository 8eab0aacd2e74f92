"""The inference server: batching changes no text, adapters answer for themselves, and who leaves frees the slot."""
from __future__ import annotations

import asyncio
import base64
import json
import math
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from greedy_tokens import make_adapter
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from patchbay_trainer.serve_app import make_app
from patchbay_trainer.serve_continuous import ContinuousDecoder
from patchbay_trainer.serve_decode import Decoder
from patchbay_trainer.serve_model import LoadError, ServedModel
from patchbay_trainer.serve_text import StopText, TokenText

BASE = Path(__file__).parents[2] / "models" / "tiny"
LONGEST = 24
PROMPTS = ["Repeat this text: bako zan", "x", "안녕하세요 여러분", "Which category is it: billing, bug, account, shipping?\nMy lamp has not arrived.",
           "Sort: 9 4 7 1", "Extract name, city as JSON:\nMy name is Maya Wood. I live in Oslo.", "👋", "What is the capital of France? " * 8]
Visit = Callable[[TestClient], Awaitable[Any]]


def said(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def asks(prompt: str, **more: Any) -> dict[str, Any]:
    return {"model": "tiny", "messages": said(prompt), "temperature": 0, "max_tokens": LONGEST, **more}


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adapter")
    make_adapter(str(BASE), str(folder), seed=4, stabilised=False)
    return folder


@pytest.fixture(scope="module")
def model(adapter: Path) -> ServedModel:
    return ServedModel(BASE, "tiny", {"tuned:other@1": adapter}, "cpu", None)


@pytest.fixture
def decoder(model: ServedModel) -> Iterator[Decoder]:
    made = Decoder(model, slots=4, most_waiting=8, budget=64)
    yield made
    made.stop()


@pytest.fixture
def visit(model: ServedModel, decoder: Decoder) -> Callable[[Visit], Any]:
    """Runs what a client does against a server of its own."""

    def run(what: Visit, token: str | None = None) -> Any:
        async def whole() -> Any:
            server = TestServer(make_app(model, decoder, token), handler_cancellation=True)
            async with TestClient(server) as client:
                return await what(client)

        return asyncio.run(asyncio.wait_for(whole(), 120))

    return run


async def answer(client: TestClient, body: dict[str, Any]) -> Any:
    async with client.post("/v1/chat/completions", json=body) as response:
        told = await response.json()
        assert response.status == 200, told
        return told


async def events(client: TestClient, body: dict[str, Any]) -> list[Any]:
    async with client.post("/v1/chat/completions", json={**body, "stream": True}) as response:
        lines = (await response.text()).strip().split("\n\n")
    assert lines[-1] == "data: [DONE]"
    return [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]


def text_of(told: Any) -> str:
    return told["choices"][0]["message"]["content"]


@torch.no_grad()
def generated(folder: Path | None) -> list[str]:
    """What transformers' own generate answers, one prompt at a time."""
    network: Any = AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32, use_safetensors=True).eval()
    if folder:
        network = PeftModel.from_pretrained(network, folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(BASE)
    texts = []
    for prompt in PROMPTS:
        ids = tokenizer.apply_chat_template(said(prompt), add_generation_prompt=True, return_tensors="pt", return_dict=False)
        made = network.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=LONGEST)
        texts.append(tokenizer.decode(made[0, ids.shape[1] :], skip_special_tokens=True, clean_up_tokenization_spaces=False))
    return texts


@pytest.fixture(scope="module")
def truths(adapter: Path) -> dict[str, list[str]]:
    return {"tiny": generated(None), "tuned:other@1": generated(adapter)}


@pytest.mark.parametrize("name", ["tiny", "tuned:other@1"])
def test_one_at_a_time_it_answers_as_generate_does(visit: Any, truths: dict[str, list[str]], name: str) -> None:
    async def alone(client: TestClient) -> list[str]:
        return [text_of(await answer(client, asks(prompt, model=name))) for prompt in PROMPTS]

    assert visit(alone) == truths[name]


def test_many_at_once_of_two_models_it_answers_as_generate_does(visit: Any, truths: dict[str, list[str]]) -> None:
    """Sixteen requests for four slots: they wait, are read together or in pieces, join, leave and take turns."""
    names = list(truths)

    async def together(client: TestClient) -> list[str]:
        told = await asyncio.gather(*(asking(client, asks(prompt, model=name)) for prompt in PROMPTS for name in names))
        return [text_of(one) for one in told]

    async def asking(client: TestClient, body: dict[str, Any]) -> Any:
        while True:
            async with client.post("/v1/chat/completions", json=body) as response:
                if response.status != 429:
                    return await response.json()
            await asyncio.sleep(0.01)

    assert visit(together) == [truths[name][at] for at in range(len(PROMPTS)) for name in names]


def test_an_adapter_answers_otherwise_than_its_base(truths: dict[str, list[str]]) -> None:
    assert sum(one != other for one, other in zip(*truths.values(), strict=True)) > len(PROMPTS) / 2


def test_a_stream_tells_the_same_and_its_usage(visit: Any, model: ServedModel) -> None:
    async def both(client: TestClient) -> tuple[Any, list[Any], list[Any]]:
        return (await answer(client, asks(PROMPTS[0])), await events(client, asks(PROMPTS[0], stream_options={"include_usage": True})),
                await events(client, asks(PROMPTS[0])))

    whole, told, without = visit(both)
    assert "".join(event["choices"][0]["delta"].get("content", "") for event in told[:-1]) == text_of(whole) == "bako zan"
    assert len(told) > 4 and told[-2]["choices"][0]["finish_reason"] == whole["choices"][0]["finish_reason"] == "stop"
    assert told[-1]["choices"] == [] and told[-1]["usage"] == whole["usage"]
    prompt = len(model.prompt(said(PROMPTS[0])))
    made = len(model.tokenizer("bako zan")["input_ids"])
    assert whole["usage"] == {"prompt_tokens": prompt, "completion_tokens": made, "total_tokens": prompt + made}
    assert all("usage" not in event for event in without)


def test_it_stops_before_a_stop_sequence_and_at_the_limit(visit: Any) -> None:
    async def visits(client: TestClient) -> list[Any]:
        return [await answer(client, asks(PROMPTS[0], **more)) for more in ({"stop": "o z"}, {"stop": ["none", "zan"]}, {"max_completion_tokens": 2})]

    one, two, short = visit(visits)
    assert [(text_of(told), told["choices"][0]["finish_reason"]) for told in (one, two)] == [("bak", "stop"), ("bako ", "stop")]
    assert short["choices"][0]["finish_reason"] == "length" and short["usage"]["completion_tokens"] == 2


def test_a_seed_decides_what_is_drawn_whoever_else_is_there(visit: Any) -> None:
    async def visits(client: TestClient) -> list[str]:
        # Nothing that the model learned: it is sure of no answer.
        hot = [asks("Go on, and on", temperature=2, seed=seed) for seed in (5, 6, 7, 5)]
        first = text_of(await answer(client, hot[0]))
        return [first, *(text_of(told) for told in await asyncio.gather(*(answer(client, body) for body in hot)))]

    alone, five, six, seven, again = visit(visits)
    assert alone == five == again and len({five, six, seven}) > 1


def test_a_small_top_p_draws_the_likeliest(visit: Any, truths: dict[str, list[str]]) -> None:
    assert text_of(visit(lambda client: answer(client, asks(PROMPTS[3], temperature=1, top_p=0)))) == truths["tiny"][3]


def test_a_temperature_next_to_nothing_draws_the_likeliest_and_harms_nobody_beside_it(visit: Any, truths: dict[str, list[str]]) -> None:
    async def visits(client: TestClient) -> list[str]:
        told = await asyncio.gather(*(answer(client, asks(PROMPTS[3], temperature=heat)) for heat in (0, 1e-40, 1e-4)))
        return [text_of(one) for one in told]

    assert visit(visits) == [truths["tiny"][3]] * 3


async def busy(client: TestClient) -> dict[str, float]:
    async with client.get("/metrics") as response:
        lines = [line.rsplit(" ", 1) for line in (await response.text()).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


async def until(client: TestClient, what: Callable[[dict[str, float]], bool]) -> float:
    start = time.monotonic()
    while not what(await busy(client)):
        assert time.monotonic() - start < 20
        await asyncio.sleep(0.005)
    return time.monotonic() - start


RUNNING = 'vllm:num_requests_running{model_name="tiny"}'
WAITING = 'vllm:num_requests_waiting{model_name="tiny"}'
KV = 'vllm:kv_cache_usage_perc{model_name="tiny"}'
ENDLESS = [asks("x " * 20, temperature=2, max_tokens=450, seed=seed, stream=streams) for seed, streams in enumerate([True, False] * 3)]


def slow_down(model: ServedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """No end token and a pause in each step, so that answers are still being made when the client leaves."""
    forward = model.network.forward
    monkeypatch.setattr(model, "ends", frozenset())

    def paused(*given: Any, **named: Any) -> Any:
        time.sleep(0.02)
        return forward(*given, **named)

    monkeypatch.setattr(model.network, "forward", paused)


def test_who_leaves_frees_the_slot_and_the_queue(visit: Any, model: ServedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    slow_down(model, monkeypatch)

    async def leave(client: TestClient) -> tuple[float, dict[str, float], str]:
        asked = [asyncio.create_task(client.post("/v1/chat/completions", json=body)) for body in ENDLESS]
        await until(client, lambda load: load[RUNNING] == 4 and load[WAITING] == 2 and load[KV] > 0)
        for task in asked:
            task.cancel()
        told = await asyncio.gather(*asked, return_exceptions=True)
        for response in told:
            if not isinstance(response, BaseException):
                response.close()
        seconds = await until(client, lambda load: load[RUNNING] == load[WAITING] == load[KV] == 0)
        return seconds, await busy(client), text_of(await answer(client, asks(PROMPTS[0], stop="zan")))

    seconds, _, after = visit(leave)
    assert seconds < 1
    assert after == "bako "


def test_a_full_queue_refuses(visit: Any, model: ServedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    slow_down(model, monkeypatch)

    async def crowd(client: TestClient) -> list[int]:
        first = [asyncio.create_task(client.post("/v1/chat/completions", json=asks("x", max_tokens=60))) for _ in range(4)]
        await until(client, lambda load: load[RUNNING] == 4)
        rest = [asyncio.create_task(client.post("/v1/chat/completions", json=asks("x", max_tokens=1))) for _ in range(9)]
        return sorted([(await task).status for task in [*first, *rest]])

    assert visit(crowd) == [200] * 12 + [429]


@pytest.mark.parametrize(("body", "status", "code", "param"), [
    (asks("x", model="none"), 404, "model_not_found", "model"), ({"messages": said("x")}, 400, "invalid_body", "model"),
    (asks("x", messages=[]), 400, "invalid_body", "messages"), (asks("x", temperature=3), 400, "invalid_body", "temperature"),
    (asks("x", max_tokens=0), 400, "invalid_body", "max_tokens"), (asks("x", stop=[""]), 400, "invalid_body", "stop"),
    (asks("x", n=2), 400, "unsupported_parameter", "n"), (asks("x", tools=[{}]), 400, "unsupported_parameter", "tools"),
    (asks("x", response_format={"type": "json_object"}), 400, "unsupported_parameter", "response_format"),
    (asks("word " * 600), 400, "context_length_exceeded", "messages"), ([], 400, "invalid_body", "body"),
    (asks("word " * 600, stream=True), 400, "context_length_exceeded", "messages"),
    (asks("x", messages=[{"role": "user", "content": [{"type": "image_url"}]}]), 400, "invalid_body", "messages[0].content")])
def test_what_is_wrong_is_said_as_openai_does(visit: Any, body: Any, status: int, code: str, param: str) -> None:
    async def ask(client: TestClient) -> tuple[int, Any]:
        async with client.post("/v1/chat/completions", json=body) as response:
            return response.status, (await response.json())["error"]

    told, error = visit(ask)
    assert (told, error["code"], error["param"]) == (status, code, param)
    assert error["message"].endswith(".") and error["type"].endswith("error")


def test_without_the_token_nothing_is_served_under_v1(visit: Any) -> None:
    async def knock(client: TestClient) -> list[int]:
        found = []
        for path, headers in [("/v1/models", {}), ("/v1/models", {"authorization": "Bearer wrong"}), ("/v1/models", {"authorization": "Bearer secret"}),
                              ("/health", {}), ("/v1/none", {"authorization": "Bearer secret"})]:
            async with client.get(path, headers=headers) as response:
                found.append(response.status)
        return found

    assert visit(knock, token="secret") == [401, 401, 200, 200, 404]


def test_embeddings_have_length_one_and_do_not_depend_on_neighbours(visit: Any) -> None:
    async def embed(client: TestClient, **body: Any) -> Any:
        async with client.post("/v1/embeddings", json=body) as response:
            return (await response.json())["data"]

    async def visits(client: TestClient) -> list[Any]:
        many = await embed(client, model="tiny", input=PROMPTS * 2)
        return [many, await embed(client, model="tiny", input=PROMPTS[1], encoding_format="base64"), await embed(client, model="tuned:other@1", input=PROMPTS[1])]

    many, coded, other = visit(visits)
    assert [one["index"] for one in many] == list(range(16))
    assert all(abs(math.hypot(*one["embedding"]) - 1) < 1e-5 for one in [*many, *other])
    alone = struct.unpack(f"<{len(many[1]['embedding'])}f", base64.b64decode(coded[0]["embedding"]))
    assert alone == pytest.approx(many[1]["embedding"], abs=1e-5)
    assert other[0]["embedding"] != pytest.approx(many[1]["embedding"], abs=1e-2)


def test_continuous_batching_answers_as_generate_does_too(truths: dict[str, list[str]]) -> None:
    """transformers' paged cache, which is for GPUs; here on the CPU, with a small one."""

    async def whole() -> tuple[list[str], Any, Any, list[Any], float]:
        # In a loop of its own: the manager gives its tokens to the loop that asked.
        decoder = ContinuousDecoder(ServedModel(BASE, "tiny", {}, "cpu", None), most=16, num_blocks=64, page_size=32, max_batch_tokens=256)
        try:
            async with TestClient(TestServer(make_app(decoder.model, decoder, None), handler_cancellation=True)) as client:
                told = await asyncio.gather(*(answer(client, asks(prompt)) for prompt in PROMPTS))
                stopped = await answer(client, asks(PROMPTS[0], stop="zan"))
                async with client.post("/v1/embeddings", json={"model": "tiny", "input": "x"}) as response:
                    vector = (await response.json())["data"][0]["embedding"]
                streamed = await events(client, asks(PROMPTS[0], temperature=0.5, stream_options={"include_usage": True}))
                gone = asyncio.create_task(client.post("/v1/chat/completions", json=asks(PROMPTS[-1], temperature=2, max_tokens=300)))
                await until(client, lambda load: load[RUNNING] == 1)
                gone.cancel()
                return [text_of(one) for one in told], stopped, vector, streamed, await until(client, lambda load: load[RUNNING] == load[WAITING] == 0)
        finally:
            await asyncio.to_thread(decoder.stop)

    texts, stopped, vector, streamed, seconds = asyncio.run(asyncio.wait_for(whole(), 120))
    assert texts == truths["tiny"]
    assert text_of(stopped) == "bako "
    assert abs(math.hypot(*vector) - 1) < 1e-5
    assert streamed[-1]["usage"]["completion_tokens"] > 0
    assert seconds < 1


def test_text_comes_in_whole_characters_and_without_the_beginning_of_a_stop(model: ServedModel) -> None:
    tokens = model.tokenizer("a 👋 안녕 bako")["input_ids"]
    text = TokenText(model.tokenizer)
    pieces = [text.add(token) for token in tokens]
    assert "".join(pieces) + text.rest() == "a 👋 안녕 bako" and not any("\ufffd" in piece for piece in pieces)
    stop = StopText(["abc", "bd"])
    assert [stop.add(piece) for piece in ("xa", "b", "a", "b", "cd")] == ["x", "", "ab", "", ""] and stop.stopped


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(LoadError, match="runs code"):
        ServedModel(tmp_path, "m", {}, "cpu", None)


def start(*more: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PATCHBAY_SERVE_TOKEN": "secret"}
    return subprocess.Popen([sys.executable, "-m", "patchbay_trainer.serve", "--model", str(BASE), "--name", "m", "--threads", "1", *more], env=environment,
                            cwd=Path(__file__).parent.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("how", ["end of input", "SIGTERM"])
def test_the_process_says_when_it_serves_and_ends_when_told(how: str) -> None:
    process = start()
    ready = json.loads(process.stdout.readline())
    assert ready["ready"] is True and ready["pid"] == process.pid

    async def listed() -> Any:
        async with ClientSession(headers={"authorization": "Bearer secret"}) as session, session.get(f"{ready['url']}/models") as response:
            return [one["id"] for one in (await response.json())["data"]]

    assert asyncio.run(listed()) == ["m"]
    if how == "SIGTERM":
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    else:
        assert process.communicate(timeout=20)[0] == "" and process.returncode == 0
