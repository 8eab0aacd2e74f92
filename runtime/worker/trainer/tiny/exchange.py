"""How training processes on one machine exchange gradients: through shared memory.

Two copies of the model, one a core, beat one process with two threads (12-21 k tokens/s against 7-12 k on two cores).
"""
from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, multiprocessing


@dataclass
class Exchange:
    """One row of memory for each process, and a barrier that all of them pass together."""

    memory: Tensor
    barrier: object

    @classmethod
    def create(cls, processes: int, numbers: int) -> Exchange:
        memory = torch.zeros(processes, numbers).share_memory_()
        return cls(memory, multiprocessing.get_context("spawn").Barrier(processes))

    @property
    def processes(self) -> int:
        return self.memory.shape[0]

    def average(self, rank: int, tensors: list[Tensor], notes: list[float]) -> list[float]:
        """Averages the tensors in place over all processes; returns the notes averaged along with them."""
        if self.processes == 1:
            return notes
        flat = torch.cat([tensor.detach().view(-1) for tensor in tensors] + [torch.tensor(notes)])
        self.memory[rank, : flat.numel()] = flat
        self.barrier.wait()
        mean = self.memory[:, : flat.numel()].mean(0)
        self.barrier.wait()
        spread(mean, tensors)
        return mean[-len(notes) :].tolist()

    def share(self, rank: int, owned: list[list[Tensor]]) -> None:
        """Each process hands out the tensors it owns, and takes those of the others."""
        if self.processes == 1:
            return
        mine = torch.cat([tensor.detach().view(-1) for tensor in owned[rank]])
        self.memory[rank, : mine.numel()] = mine
        self.barrier.wait()
        for owner, tensors in enumerate(owned):
            if owner != rank:
                spread(self.memory[owner], tensors)
        self.barrier.wait()


def spread(flat: Tensor, tensors: list[Tensor]) -> None:
    start = 0
    for tensor in tensors:
        tensor.detach().copy_(flat[start : start + tensor.numel()].view_as(tensor))
        start += tensor.numel()
