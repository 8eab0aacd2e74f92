"""What the server refuses or fails, in OpenAI's words. The codes are those of runtime/worker/errors.ts."""
from __future__ import annotations

from typing import Any

KINDS = {
    "invalid_body": (400, "invalid_request_error"),
    "unsupported_parameter": (400, "invalid_request_error"),
    "context_length_exceeded": (400, "invalid_request_error"),
    "invalid_api_key": (401, "authentication_error"),
    "model_not_found": (404, "not_found_error"),
    "not_found": (404, "not_found_error"),
    "queue_full": (429, "rate_limit_error"),
    "draining": (503, "server_error"),
    "internal": (500, "server_error"),
}


class ServeError(Exception):
    """`param` is the field of the request that is wrong."""

    def __init__(self, code: str, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.code, self.param = code, param

    @property
    def status(self) -> int:
        return KINDS[self.code][0]

    def body(self) -> dict[str, Any]:
        return {"error": {"message": str(self), "type": KINDS[self.code][1], "param": self.param, "code": self.code}}
