"""python -m patchbay_trainer.serve --model FOLDER [--name ID] [--adapter NAME=FOLDER]…

An inference server with OpenAI's API for one model in transformers' form and LoRA adapters over it. It prints one line of JSON when it
serves, and ends when its standard input is closed, or on SIGTERM: who starts it from a shell holds the input open, as `sleep inf | …` does.
With the environment variable PATCHBAY_SERVE_TOKEN, calls under /v1 need it as bearer token; without one only this machine is served.
"""
from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
from ipaddress import ip_address
from pathlib import Path
from typing import Any

TOKEN = "PATCHBAY_SERVE_TOKEN"


def named_folder(text: str) -> tuple[str, Path]:
    name, _, folder = text.partition("=")
    if not name or not folder:
        raise argparse.ArgumentTypeError(f'"{text}" is not NAME=FOLDER')
    return name, Path(folder)


def at_least_one(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number from 1')
    return int(text)


def read_options(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m patchbay_trainer.serve", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, metavar="FOLDER", help="a model in transformers' form, weights in safetensors")
    parser.add_argument("--name", metavar="ID", help="the name under which it is served; else the folder's name")
    parser.add_argument("--adapter", type=named_folder, action="append", default=[], metavar="NAME=FOLDER", help="a LoRA adapter as PEFT saves it; repeatable")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--device", help="as PyTorch names it; else cuda where there is one, or cpu")
    parser.add_argument("--threads", type=at_least_one, help="threads of a step on a CPU; else as many as PyTorch takes")
    parser.add_argument("--batching", choices=["auto", "shared", "continuous"], default="auto",
                        help="shared: a step of our own, for any device and adapters; continuous: transformers' own; auto: continuous on cuda without adapters")
    parser.add_argument("--slots", type=at_least_one, default=16, help="generations at once")
    parser.add_argument("--waiting", type=at_least_one, default=256, help="requests that may wait for a slot")
    parser.add_argument("--context", type=at_least_one, help="tokens of prompt and answer; else what the model can hold")
    options = parser.parse_args(argv)
    if len({name for name, _ in options.adapter}) < len(options.adapter):
        parser.error("two adapters have the same name")
    if options.adapter and options.batching == "continuous":
        parser.error("continuous batching serves no adapters; take --batching shared")
    return options


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def serve(options: argparse.Namespace, token: str | None, tell: Any) -> int:
    import torch
    from aiohttp import web

    from .serve_app import make_app
    from .serve_continuous import ContinuousDecoder
    from .serve_decode import Decoder
    from .serve_model import ServedModel

    if options.threads:
        torch.set_num_threads(options.threads)
    device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    model = ServedModel(options.model, options.name or options.model.resolve().name, dict(options.adapter), device, options.context)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    code = 0

    def crashed() -> None:
        nonlocal code
        code = 1
        loop.call_soon_threadsafe(ended.set)

    decoder: Decoder | ContinuousDecoder
    if options.batching == "continuous" or (options.batching == "auto" and device.startswith("cuda") and not options.adapter):
        decoder = ContinuousDecoder(model, most=options.slots + options.waiting, crashed=crashed)
    else:
        decoder = Decoder(model, slots=options.slots, most_waiting=options.waiting, crashed=crashed)
    # A handler whose client is gone is cancelled, which takes its request out of the batch.
    runner = web.AppRunner(make_app(model, decoder, token), handler_cancellation=True, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, options.host, options.port)
    await site.start()
    port = runner.addresses[0][1]
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    threading.Thread(target=await_end_of_input, args=(loop, ended), daemon=True).start()
    host = f"[{options.host}]" if ":" in options.host else options.host
    tell({"ready": True, "url": f"http://{host}:{port}/v1", "pid": os.getpid()})
    await ended.wait()
    await asyncio.to_thread(decoder.stop)
    await runner.cleanup()
    return code


def await_end_of_input(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    while os.read(0, 65_536):
        pass
    loop.call_soon_threadsafe(ended.set)


def main() -> int:
    options = read_options()
    token = os.environ.get(TOKEN)
    if not token and not is_loopback(options.host):
        print(f"{options.host} can be reached from other machines. Set {TOKEN} first.", file=sys.stderr)
        return 2
    messages = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # libraries that print must not be mistaken for the ready line

    def tell(message: dict[str, Any]) -> None:
        messages.write(json.dumps(message) + "\n")
        messages.flush()

    try:
        from .serve_model import LoadError
    except ImportError as problem:
        print(f"{problem}. Install the trainer with its extra: serve.", file=sys.stderr)
        return 1
    try:
        return asyncio.run(serve(options, token, tell))
    except (LoadError, OSError, ImportError) as problem:
        print(str(problem).splitlines()[0], file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
