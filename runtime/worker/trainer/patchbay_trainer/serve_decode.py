"""The decoder: one thread that owns the network. Requests join and leave between two steps, models take turns."""
from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import torch

from .serve_batch import Batch, Prefill
from .serve_errors import ServeError
from .serve_job import Job
from .serve_model import ServedModel

TURN = 4  # steps of one model before the next has its turn: switching adapters costs something too


@dataclass
class Lane:
    """What runs of one model: prompts being read, and those that decode."""

    reading: Prefill | None = None
    batch: Batch | None = None

    def jobs(self) -> list[Job]:
        return [*(self.reading.jobs if self.reading else []), *(self.batch.jobs if self.batch else [])]

    def places(self) -> int:
        return sum(part.mask.numel() for part in (self.reading, self.batch) if part)


class Decoder:
    """`slots` generations run at once and `most_waiting` may wait; `budget` is the tokens of prompts that one step reads."""

    def __init__(self, model: ServedModel, *, slots: int, most_waiting: int, budget: int = 512, crashed: Callable[[], None] = lambda: None) -> None:
        self.model, self.slots, self.most_waiting, self.budget, self.crashed = model, slots, most_waiting, budget, crashed
        self.lanes = {id: Lane() for id in model.ids}
        self.waiting: deque[Job] = deque()
        self.calls: deque[tuple[str, Callable[[Any], Any], Future[Any]]] = deque()
        self.made = {id: 0 for id in model.ids}
        self._news = threading.Condition()
        self._stopping = False
        self._turn, self._steps_left = 0, TURN
        self._thread = threading.Thread(target=self._run, args=(torch.get_num_threads(),), name="decoder", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        with self._news:
            self._refuse_if_full(len(self.waiting))
            self.waiting.append(job)
            self._news.notify()

    def call(self, id: str, work: Callable[[Any], Any]) -> Future[Any]:
        """Does something with the network between two steps. A cancelled future is not begun."""
        future: Future[Any] = Future()
        with self._news:
            self._refuse_if_full(len(self.calls))
            self.calls.append((id, work, future))
            self._news.notify()
        return future

    def cancel(self, job: Job) -> None:
        job.cancelled = True
        with self._news:
            self._news.notify()

    def running(self, id: str) -> int:
        return len(self.lanes[id].jobs())

    def queued(self, id: str) -> int:
        return sum(job.asked.model == id for job in list(self.waiting))

    def kv_use(self) -> float:
        """Places of the cache in use, padding counted, of those that full slots would take."""
        return min(1.0, sum(lane.places() for lane in self.lanes.values()) / (self.slots * self.model.context))

    def stop(self) -> None:
        with self._news:
            self._stopping = True
            self._news.notify()
        self._thread.join(10)

    def _refuse_if_full(self, length: int) -> None:
        if self._stopping:
            raise ServeError("draining", "The server is about to end. Ask another.")
        if length >= self.most_waiting:
            raise ServeError("queue_full", f"{length} requests wait already. Try again later.")

    def _run(self, threads: int) -> None:
        torch.set_num_threads(threads)  # OpenMP counts by thread
        try:
            with torch.inference_mode():
                while self._await_work():
                    self._round()
        except Exception:  # the last frame: nothing decodes any more, so the process must not look alive
            sys.excepthook(*sys.exc_info())
            self._fail_all("The decoder crashed.")
            self.crashed()
        else:
            self._fail_all("The server ends.")

    def _await_work(self) -> bool:
        with self._news:
            while not self._stopping and not self.waiting and not self.calls and not any(lane.jobs() for lane in self.lanes.values()):
                self._news.wait()
            return not self._stopping

    def _round(self) -> None:
        self._drop_cancelled()
        self._admit()
        if self.calls:
            self._answer(*self.calls.popleft())
        busy = [id for id, lane in self.lanes.items() if lane.jobs()]
        if not busy:
            return
        id = self._whose_turn(busy)
        try:
            with self.model.adapted(id) as network:
                self._step(id, network)
        except Exception as problem:  # such as memory that ran out: these requests fail, the others go on
            sys.excepthook(type(problem), problem, problem.__traceback__)
            jobs, self.lanes[id] = self.lanes[id].jobs(), Lane()
            self._fail(jobs, f"{type(problem).__name__}: {problem}")

    def _whose_turn(self, busy: list[str]) -> str:
        ids = self.model.ids
        if self._steps_left == 0 or ids[self._turn] not in busy:
            self._turn = next(at % len(ids) for at in range(self._turn + 1, self._turn + 1 + len(ids)) if ids[at % len(ids)] in busy)
            self._steps_left = TURN
        self._steps_left -= 1
        return ids[self._turn]

    def _step(self, id: str, network: Any) -> None:
        """The batch's next tokens first, then some of the prompts that join it."""
        lane = self.lanes[id]
        if lane.batch:
            lane.batch = self._taken(id, lane.batch, lane.batch.step(network))
        if lane.reading and (read := lane.reading.step(network)):
            lane.reading = None
            if joining := self._taken(id, read, read.tokens):
                if lane.batch:
                    lane.batch.join(joining)
                else:
                    lane.batch = joining

    def _taken(self, id: str, batch: Batch, tokens: list[int]) -> Batch | None:
        """Hands the tokens to their jobs; the batch without those that are through."""
        self.made[id] += len(tokens)
        return self._kept(batch, [row for row, (job, token) in enumerate(zip(batch.jobs, tokens, strict=True)) if not job.take(token, self.model.ends)])

    @staticmethod
    def _kept(batch: Batch, rows: list[int]) -> Batch | None:
        if not rows:
            return None
        if len(rows) < len(batch.jobs):
            batch.keep(rows)
        return batch

    def _drop_cancelled(self) -> None:
        with self._news:
            self.waiting = deque(job for job in self.waiting if not job.cancelled)
        for lane in self.lanes.values():
            if lane.batch:
                lane.batch = self._kept(lane.batch, [row for row, job in enumerate(lane.batch.jobs) if not job.cancelled])
            if lane.reading and all(job.cancelled for job in lane.reading.jobs):
                lane.reading = None

    def _admit(self) -> None:
        """In the order they came, those that find a slot. Prompts are read together while they fit into one step."""
        free = self.slots - sum(len(lane.jobs()) for lane in self.lanes.values())
        groups: dict[str, list[Job]] = {id: [] for id, lane in self.lanes.items() if not lane.reading}
        with self._news:
            for job in list(self.waiting):
                group = groups.get(job.asked.model)
                if free == 0 or group is None:
                    continue
                longest = max(len(one.asked.prompt) for one in [*group, job])
                if not group or (len(group) + 1) * longest <= self.budget:
                    group.append(job)
                    self.waiting.remove(job)
                    free -= 1
        for id, group in groups.items():
            if group:
                self.lanes[id].reading = Prefill(group, self.model.device, self.budget)

    def _answer(self, id: str, work: Callable[[Any], Any], future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            with self.model.adapted(id) as network:
                future.set_result(work(network))
        except Exception as problem:
            future.set_exception(problem)

    def _fail(self, jobs: list[Job], why: str) -> None:
        for job in jobs:
            job.put("error", ServeError("internal", why))

    def _fail_all(self, why: str) -> None:
        with self._news:
            self._stopping = True
            jobs = [*self.waiting, *(job for lane in self.lanes.values() for job in lane.jobs())]
            calls = list(self.calls)
            self.waiting.clear()
            self.calls.clear()
        self.lanes = {id: Lane() for id in self.lanes}
        self._fail(jobs, why)
        for _, _, future in calls:
            if future.set_running_or_notify_cancel():
                future.set_exception(ServeError("draining", why))
