"""The HTTP side, as OpenAI's clients and Prometheus expect it."""
from __future__ import annotations

import asyncio
import base64
import hmac
import json
import struct
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from aiohttp import web

from .serve_continuous import ContinuousDecoder
from .serve_decode import Decoder
from .serve_embed import embed
from .serve_errors import ServeError
from .serve_job import Asked, Job
from .serve_model import ServedModel
from .serve_request import chat_of, inputs_of

TOGETHER = 8  # inputs that are embedded in one pass; generations step in between
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(model: ServedModel, decoder: Decoder | ContinuousDecoder, token: str | None) -> web.Application:
    app = web.Application(middlewares=[guard(token)], client_max_size=16 * 2**20)
    api = Api(model, decoder)
    app.add_routes([
        web.get("/health", api.health), web.get("/metrics", api.metrics), web.get("/v1/models", api.models), web.get("/v1/models/{id:.+}", api.one_model),
        web.post("/v1/chat/completions", api.chat), web.post("/v1/embeddings", api.embeddings),
    ])
    return app


def guard(token: str | None) -> Any:
    """Asks for the token under /v1, as vLLM does, and tells errors in OpenAI's shape."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            given = request.headers.get("authorization", "").removeprefix("Bearer ")
            if token and request.path.startswith("/v1") and not hmac.compare_digest(given.encode(), token.encode()):
                raise ServeError("invalid_api_key", "The token is missing or wrong. Send it as a bearer token.")
            return await handler(request)
        except ServeError as problem:
            retry = {"retry-after": "1"} if problem.status in (429, 503) else {}
            return web.json_response(problem.body(), status=problem.status, headers=retry)
        except web.HTTPException as problem:
            code = "not_found" if problem.status == 404 else "invalid_body"
            return web.json_response(ServeError(code, f"{request.method} {request.path}: {problem.reason}").body(), status=problem.status)
        except Exception as problem:  # the last frame: the caller is told, and the trace goes to standard error
            sys.excepthook(type(problem), problem, problem.__traceback__)
            return web.json_response(ServeError("internal", f"{type(problem).__name__}: {problem}").body(), status=500)

    return middleware


async def body_of(request: web.Request) -> Any:
    try:
        return json.loads(await request.read())
    except ValueError as problem:
        raise ServeError("invalid_body", f"The body can not be read as JSON: {problem}.") from problem


class Api:
    def __init__(self, model: ServedModel, decoder: Decoder | ContinuousDecoder) -> None:
        self.model, self.decoder, self.started = model, decoder, int(time.time())

    async def health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def metrics(self, _: web.Request) -> web.Response:
        def lines(name: str, kind: str, values: dict[str, float]) -> str:
            label = {id: id.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for id in values}
            return f"# TYPE {name} {kind}\n" + "".join(f'{name}{{model_name="{label[id]}"}} {value}\n' for id, value in values.items())

        ids = self.model.ids
        text = lines("vllm:num_requests_running", "gauge", {id: self.decoder.running(id) for id in ids})
        text += lines("vllm:num_requests_waiting", "gauge", {id: self.decoder.queued(id) for id in ids})
        text += lines("vllm:kv_cache_usage_perc", "gauge", {self.model.name: self.decoder.kv_use()})
        text += lines("vllm:generation_tokens_total", "counter", {id: self.decoder.made[id] for id in ids})
        return web.Response(text=text, headers={"content-type": "text/plain; version=0.0.4"})

    def card(self, id: str) -> dict[str, Any]:
        parent = {} if id == self.model.name else {"parent": self.model.name}
        return {"id": id, "object": "model", "created": self.started, "owned_by": "patchbay", "max_model_len": self.model.context, **parent}

    async def models(self, _: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [self.card(id) for id in self.model.ids]})

    async def one_model(self, request: web.Request) -> web.Response:
        id = request.match_info["id"]
        if id not in self.model.ids:
            raise ServeError("model_not_found", f'There is no model "{id}".', "model")
        return web.json_response(self.card(id))

    async def pieces(self, asked: Asked) -> AsyncIterator[tuple[str, Any]]:
        """Texts, then the end with its usage. Left early, as when the client is gone, the request leaves the batch."""
        job = Job(asked, self.model.tokenizer, asyncio.get_running_loop())
        self.decoder.submit(job)
        try:
            while True:
                kind, value = await job.pieces.get()
                if kind == "error":
                    raise value
                if kind == "text":
                    yield kind, value
                    continue
                usage = {"prompt_tokens": len(asked.prompt), "completion_tokens": job.made, "total_tokens": len(asked.prompt) + job.made}
                yield kind, (value, usage)
                return
        finally:
            self.decoder.cancel(job)

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body = await body_of(request)
        asked = chat_of(body, self.model)
        head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": asked.model}
        if body.get("stream"):
            return await self.stream(request, asked, head, bool((body.get("stream_options") or {}).get("include_usage")))
        texts: list[str] = []
        finish, usage = "stop", {}
        async for kind, value in self.pieces(asked):
            if kind == "text":
                texts.append(value)
            else:
                finish, usage = value
        message = {"role": "assistant", "content": "".join(texts), "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
        return web.json_response({**head, "object": "chat.completion", "choices": [choice], "usage": usage})

    async def stream(self, request: web.Request, asked: Asked, head: dict[str, Any], with_usage: bool) -> web.StreamResponse:
        """What is wrong before the first token is an answer with its status; later it is an event."""
        pieces = self.pieces(asked)
        response = web.StreamResponse(headers={"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store"})

        async def send(event: Any) -> None:
            await response.write(f"data: {event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)}\n\n".encode())

        async def send_choice(delta: dict[str, str], finish: str | None = None) -> None:
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
            await send({**head, "object": "chat.completion.chunk", "choices": [choice], **({"usage": None} if with_usage else {})})

        try:
            first = await anext(pieces)
            await response.prepare(request)
            await send_choice({"role": "assistant", "content": ""})
            kind, value = first
            while kind == "text":
                await send_choice({"content": value})
                kind, value = await anext(pieces)
            finish, usage = value
            await send_choice({}, finish)
            if with_usage:
                await send({**head, "object": "chat.completion.chunk", "choices": [], "usage": usage})
            await send("[DONE]")
        except ServeError as problem:
            if not response.prepared:
                raise
            await send(problem.body())
        finally:
            await pieces.aclose()
        await response.write_eof()
        return response

    async def embeddings(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        id, inputs = inputs_of(body, self.model)
        vectors: list[list[float]] = []
        for at in range(0, len(inputs), TOGETHER):
            some = inputs[at : at + TOGETHER]
            vectors += await asyncio.wrap_future(self.decoder.call(id, lambda network, some=some: embed(network, some, self.model.device)))
        coded = [as_base64(vector) for vector in vectors] if body.get("encoding_format") == "base64" else vectors
        data = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(coded)]
        read = sum(len(tokens) for tokens in inputs)
        return web.json_response({"object": "list", "data": data, "model": id, "usage": {"prompt_tokens": read, "total_tokens": read}})


def as_base64(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
