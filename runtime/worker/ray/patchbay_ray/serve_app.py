"""A model folder, and adapters over it, as a Ray Serve application that answers like OpenAI.

`patchbay_ray.serve_app:build` takes `{"model": id, "folder": path, "adapters": {id: path}, "gpus": n, "replicas": n}`. One
generation at a time a replica; for many at once, serve the same folder with vLLM.

Annotations are values here, not texts: Serve pickles this module's class, and FastAPI no longer finds what the text `Request`
means; it then takes the request for a parameter of the address and answers 422 (Ray 2.60).
"""
import json
import threading
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from ray import serve
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from .generate import Generator, Problem, Stopped

app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)


def refusal(problem: Problem) -> JSONResponse:
    kind = "not_found_error" if problem.status == 404 else "invalid_request_error" if problem.status < 500 else "server_error"
    return JSONResponse({"error": {"message": str(problem), "type": kind, "param": problem.param, "code": problem.code}}, problem.status)


def chunk(answer: dict[str, Any], delta: dict[str, Any], finish: str | None = None) -> str:
    return f"data: {json.dumps({**answer, 'choices': [{'index': 0, 'delta': delta, 'finish_reason': finish}]}, ensure_ascii=False)}\n\n"


@serve.deployment
@serve.ingress(app)
class OpenAIModel:
    def __init__(self, args: dict[str, Any]):
        self.generator = Generator(args["model"], args["folder"], args.get("adapters", {}), args.get("gpus", 0) > 0)

    @app.get("/health")
    def health(self) -> dict[str, str]:
        return {"state": "ready"}

    @app.get("/v1/models")
    def models(self) -> dict[str, Any]:
        return {"object": "list", "data": [{"id": name, "object": "model", "created": 0, "owned_by": "patchbay"} for name in self.generator.names]}

    @app.post("/v1/chat/completions")
    async def chat(self, request: Request) -> Response:
        try:
            body = await request.json()
        except ValueError:
            return refusal(Problem("invalid_body", "The body is not JSON."))
        try:
            asked = self.generator.read(body)
        except Problem as problem:
            return refusal(problem)
        answer = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": asked.model}
        if body.get("stream"):
            usage = bool((body.get("stream_options") or {}).get("include_usage"))
            return StreamingResponse(self.stream({**answer, "object": "chat.completion.chunk"}, asked, usage), media_type="text/event-stream")
        stop = threading.Event()
        try:
            pieces = await run_in_threadpool(lambda: "".join(self.generator.pieces(asked, stop)))
        except Exception as problem:
            return refusal(problem if isinstance(problem, Problem) else Problem("internal", f"The model failed: {problem}", 500))
        finally:
            stop.set()
        message = {"role": "assistant", "content": pieces}
        return JSONResponse({**answer, "object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": asked.finish}], "usage": asked.usage()})

    async def stream(self, answer: dict[str, Any], asked: Any, usage: bool) -> AsyncIterator[str]:
        stop = threading.Event()
        try:
            yield chunk(answer, {"role": "assistant", "content": ""})
            async for piece in iterate_in_threadpool(self.generator.pieces(asked, stop)):
                yield chunk(answer, {"content": piece})
            yield chunk(answer, {}, asked.finish)
            if usage:
                yield f"data: {json.dumps({**answer, 'choices': [], 'usage': asked.usage()})}\n\n"
            yield "data: [DONE]\n\n"
        except Stopped:
            return
        except Exception as problem:  # the status is out: the error is an event, and no [DONE] follows
            yield f"data: {json.dumps({'error': {'message': f'The model failed: {problem}', 'type': 'server_error', 'param': None, 'code': 'internal'}})}\n\n"
        finally:
            stop.set()  # whoever listened is gone: the generation ends with the token in hand


def build(args: dict[str, Any]) -> serve.Application:
    options = {"num_cpus": args.get("cpus", 1), "num_gpus": args.get("gpus", 0)}
    return OpenAIModel.options(num_replicas=args.get("replicas", 1), max_ongoing_requests=32, ray_actor_options=options).bind(args)
