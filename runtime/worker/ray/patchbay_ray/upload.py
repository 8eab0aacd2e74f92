"""Uploads files to a Patchbay server under their digest, from where a broken connection stopped."""
from __future__ import annotations

import hashlib
import http.client
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

TRIES = 8


@dataclass(frozen=True)
class Server:
    url: str
    token: str


def ask(server: Server, method: str, path: str, headers: dict[str, str] | None = None, body: object = None) -> http.client.HTTPResponse:
    address = urlsplit(server.url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=120)
    try:
        connection.request(method, f"{address.path.rstrip('/')}/api{path}", body=body, headers={"authorization": f"Bearer {server.token}", **(headers or {})})
        response = connection.getresponse()
        response.read()
        return response
    finally:
        connection.close()


def send(server: Server, file: Path, digest: str, size: int) -> None:
    if ask(server, "HEAD", f"/artifacts/{digest}").status == 200:
        return
    start = int(ask(server, "HEAD", f"/uploads/{digest}").headers.get("upload-offset") or 0)
    with open(file, "rb") as opened:
        opened.seek(start)
        headers = {"content-type": "application/offset+octet-stream", "upload-offset": str(start), "upload-length": str(size), "content-length": str(size - start)}
        response = ask(server, "PATCH", f"/uploads/{digest}", headers, opened)
    if response.status >= 300:
        raise OSError(f"the server answered {response.status} to the upload of {file.name}")


def upload(server: Server, file: Path) -> dict[str, object]:
    with open(file, "rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    size = file.stat().st_size
    for attempt in range(TRIES):
        try:
            send(server, file, digest, size)
            return {"sha256": digest, "bytes": size}
        except (OSError, http.client.HTTPException) as problem:
            if attempt == TRIES - 1:
                raise OSError(f"{file.name} could not be uploaded to {server.url}: {problem}") from problem
            time.sleep(min(2**attempt, 30))
    raise AssertionError("not reached")
