"""What a body of OpenAI's calls asks for, checked. What is not served is refused by name, never ignored."""
from __future__ import annotations

from typing import Any

from .serve_errors import ServeError
from .serve_job import Asked, Draw
from .serve_model import ServedModel

NOT_SERVED = {"tools": None, "functions": None, "logprobs": False, "top_logprobs": 0, "n": 1, "logit_bias": None, "presence_penalty": 0, "frequency_penalty": 0}


def wrong(param: str, message: str) -> ServeError:
    return ServeError("invalid_body", message, param)


def model_of(body: Any, model: ServedModel) -> str:
    if not isinstance(body, dict):
        raise wrong("body", "The body is no JSON object.")
    id = body.get("model")
    if not isinstance(id, str):
        raise wrong("model", '"model" is missing. GET /v1/models lists them.')
    if id not in model.ids:
        raise ServeError("model_not_found", f'There is no model "{id}". GET /v1/models lists them.', "model")
    return id


def number(body: dict[str, Any], name: str, usual: Any, least: float, most: float, whole: bool = False) -> Any:
    value = body.get(name)
    if value is None:
        return usual
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)) or not least <= value <= most:
        raise wrong(name, f'"{name}" must be {"a whole" if whole else "a"} number from {least:g} to {most:g}.')
    return value


def chat_of(body: Any, model: ServedModel) -> Asked:
    id = model_of(body, model)
    refuse_not_served(body)
    prompt = prompt_of(body, model)
    room = model.context - len(prompt)
    if room < 1:
        raise ServeError("context_length_exceeded",
                         f'The prompt has {len(prompt)} tokens and the context of "{id}" holds {model.context}. Shorten the prompt.', "messages")
    asked = number(body, "max_tokens", None, 1, 2**31, whole=True)
    longest = number(body, "max_completion_tokens", asked, 1, 2**31, whole=True) or room
    draw = Draw(number(body, "temperature", 1.0, 0, 2), number(body, "top_p", 1.0, 0, 1), number(body, "seed", None, -(2**63), 2**64, whole=True))
    return Asked(model=id, prompt=prompt, longest=min(longest, room), draw=draw, stops=stops_of(body))


def refuse_not_served(body: dict[str, Any]) -> None:
    for name, harmless in NOT_SERVED.items():
        if (value := body.get(name)) is not None and value != harmless and value != []:
            raise ServeError("unsupported_parameter", f'"{name}" is not served here. Leave it out, or serve the model with vLLM.', name)
    told = body.get("response_format")
    if told is not None and not (isinstance(told, dict) and told.get("type") == "text"):
        raise ServeError("unsupported_parameter", '"response_format" is text here. Leave it out, or serve the model with vLLM.', "response_format")


def stops_of(body: dict[str, Any]) -> list[str]:
    told = body.get("stop")
    stops = [told] if isinstance(told, str) else told or []
    if not isinstance(stops, list) or len(stops) > 16 or not all(isinstance(stop, str) and stop for stop in stops):
        raise wrong("stop", '"stop" must be a text, or a list of up to 16 texts, none of them empty.')
    return stops


def prompt_of(body: dict[str, Any], model: ServedModel) -> list[int]:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise wrong("messages", '"messages" must be a list with at least one message.')
    said = [message_of(message, at) for at, message in enumerate(messages)]
    if not model.tokenizer.chat_template:
        raise wrong("messages", "The model has no chat template, so it can not be talked with. Take its instruction-tuned form.")
    try:
        return model.prompt(said)
    except Exception as problem:  # templates raise what they like, about roles and their order
        raise wrong("messages", f"The model's chat template refuses these messages: {problem}") from problem


def message_of(message: Any, at: int) -> dict[str, str]:
    where = f"messages[{at}]"
    if not isinstance(message, dict) or message.get("role") not in ("system", "developer", "user", "assistant"):
        raise wrong(f"{where}.role", '"role" must be system, developer, user or assistant.')
    content = message.get("content")
    if isinstance(content, list):
        if not all(isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str) for part in content):
            raise wrong(f"{where}.content", "Only parts of text are served here.")
        content = "".join(part["text"] for part in content)
    if not isinstance(content, str):
        raise wrong(f"{where}.content", '"content" must be text.')
    return {"role": "system" if message["role"] == "developer" else message["role"], "content": content}


def inputs_of(body: Any, model: ServedModel) -> tuple[str, list[list[int]]]:
    """The model and the tokens of each input."""
    id = model_of(body, model)
    told = body.get("input")
    texts = [told] if isinstance(told, str) else told
    if not isinstance(texts, list) or not 1 <= len(texts) <= 2_048 or not all(isinstance(text, str) and text for text in texts):
        raise wrong("input", '"input" must be a text, or a list of up to 2048 texts, none of them empty.')
    if body.get("encoding_format") not in (None, "float", "base64"):
        raise wrong("encoding_format", '"encoding_format" must be float or base64.')
    if body.get("dimensions") is not None:
        raise ServeError("unsupported_parameter", '"dimensions" is not served here: the vectors are as wide as the model.', "dimensions")
    inputs = [list(model.tokenizer(text)["input_ids"]) for text in texts]
    for at, tokens in enumerate(inputs):
        if not 1 <= len(tokens) <= model.context:
            raise ServeError("context_length_exceeded", f"Input {at} has {len(tokens)} tokens and the context holds {model.context}.", "input")
    return id, inputs
