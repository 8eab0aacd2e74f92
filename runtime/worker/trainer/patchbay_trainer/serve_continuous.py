"""The decoder for a GPU: transformers' continuous batching, with a paged cache. For models without adapters: it has one network for all.

It draws with one generator for all requests, so a seed does not decide what is drawn here.
"""
from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import torch
from transformers import GenerationConfig
from transformers.generation.configuration_utils import ContinuousBatchingConfig

from .serve_errors import ServeError
from .serve_job import Job
from .serve_model import ServedModel


class ContinuousDecoder:
    """Serves as `Decoder` does. `settings` go to transformers' ContinuousBatchingConfig; without any it sizes itself for the device."""

    def __init__(self, model: ServedModel, *, most: int, crashed: Callable[[], None] = lambda: None, **settings: Any) -> None:
        if len(model.ids) > 1:
            raise ValueError("continuous batching serves no adapters")
        self.model, self.most, self.crashed = model, most, crashed
        self.made = {model.name: 0}
        self.jobs: dict[str, Job] = {}
        self.taken: dict[str, int] = {}
        self._stopping = False
        # Each of these makes a processor, whose value each request then sets for itself.
        usual = GenerationConfig(do_sample=True, temperature=0.5, top_p=0.5, top_k=1, eos_token_id=sorted(model.ends), max_new_tokens=model.context)
        self.manager = model.network.init_continuous_batching(usual, ContinuousBatchingConfig(per_request_processors=True, **settings))
        self.manager.start()
        self._calls = ThreadPoolExecutor(1, thread_name_prefix="embeddings")

    def submit(self, job: Job) -> None:
        """On the web's thread, where the tokens come back too."""
        if len(self.jobs) >= self.most:
            raise ServeError("queue_full", f"{len(self.jobs)} requests are here already. Try again later.")
        id, draw = uuid.uuid4().hex, job.asked.draw
        greedy = draw.temperature == 0
        self.jobs[id], self.taken[id] = job, 0
        self.manager.register_result_handler(id, lambda output: self._take(id, output))
        given = self.manager.add_request(
            job.asked.prompt, request_id=id, max_new_tokens=job.asked.longest, streaming=True, eos_token_id=sorted(self.model.ends),
            temperature=1.0 if greedy else float(draw.temperature), top_p=1.0 if greedy else float(draw.top_p),
            top_k=1 if greedy else self.model.network.config.get_text_config().vocab_size)
        if given is None:
            self._forget(id)
            raise ServeError("draining", "The server is about to end. Ask another.")

    def _take(self, id: str, output: Any) -> None:
        job = self.jobs.get(id)
        if job is None:
            return
        new = output.generated_tokens[self.taken[id] :]
        self.taken[id] += len(new)
        self.made[self.model.name] += len(new)
        ended = any(job.take(token, self.model.ends) for token in new)
        if not ended and output.is_finished():
            job.put("error", ServeError("internal", output.error or "The answer ended early. Try again."))
        if ended or output.is_finished():
            self._forget(id)
            if not output.is_finished():
                self.manager.cancel_request(id)
        if not self.manager.is_running() and not self._stopping:
            self.crashed()

    def _forget(self, id: str) -> None:
        self.jobs.pop(id, None)
        self.taken.pop(id, None)

    def cancel(self, job: Job) -> None:
        for id in [id for id, one in self.jobs.items() if one is job]:
            self._forget(id)
            self.manager.cancel_request(id)

    def call(self, _: str, work: Callable[[Any], Any]) -> Future[Any]:
        """Does something with the network while generation pauses."""

        def paused() -> Any:
            with self.manager.pause(), torch.inference_mode():
                return work(self.model.network)

        return self._calls.submit(paused)

    def running(self, _: str) -> int:
        processor = self.manager.batch_processor
        return len(processor.scheduler.active_requests) if processor else 0

    def queued(self, id: str) -> int:
        return max(0, len(self.jobs) - self.running(id))

    def kv_use(self) -> float:
        processor = self.manager.batch_processor
        return min(1.0, max(0.0, 1 - float(processor.cache.compute_free_capacity(relative=True)))) if processor else 0.0

    def stop(self) -> None:
        self._stopping = True
        self._calls.shutdown(wait=False, cancel_futures=True)
        self.manager.stop(block=True, timeout=5, hard_stop=True)
