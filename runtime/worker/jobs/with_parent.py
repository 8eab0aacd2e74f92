"""python with_parent.py MODULE [ARGUMENT…] runs a module as `python -m` does, and ends with its parent.

The parent holds the other end of standard input. When it is gone, even by kill -9, this process and all of its group end at
once: a training that nobody listens to would hold the machine, and a second worker's attempt would run beside it.
"""
from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def watch() -> None:
    while os.read(0, 4096):
        pass
    # The parent starts us as the leader of a group; without that, only this process may end.
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


threading.Thread(target=watch, daemon=True).start()
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
