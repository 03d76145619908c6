"""Whether answers are what the API's own description says."""

from __future__ import annotations

import re
from typing import Any

import httpx
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types


class Described:
    """An OpenAPI document, as a judge of answers."""

    def __init__(self, document: dict[str, Any]) -> None:
        """Judge by `document`."""
        self.document = document
        self._paths = {
            re.compile(re.sub(r"\{\w+\}", "[^/]+", path)): methods
            for path, methods in document["paths"].items()
        }
        self._validators: dict[str, Draft202012Validator] = {}

    def check(self, response: httpx.Response) -> None:
        """Pass if the answer's status, media type and body are described; AssertionError if not."""
        request = response.request
        operation = self._operation(request.method, request.url.path)
        if operation is None:
            return
        where = f"{request.method} {request.url.path} → {response.status_code}"
        described = operation["responses"].get(str(response.status_code))
        assert described is not None, f"{where} is not described: {response.text[:300]}"
        content = described.get("content")
        if content is None:
            assert response.content == b"", f"{where} has a body that is not described"
            return
        media = response.headers["content-type"].partition(";")[0]
        assert media in content, f"{where} is {media}"
        if not media.endswith("json"):
            return
        errors = list(self._validator(content[media]["schema"]).iter_errors(response.json()))
        assert not errors, f"{where}: {errors[0].message} at {errors[0].json_path}"

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, methods in self._paths.items():
            if pattern.fullmatch(path):
                found: dict[str, Any] | None = methods.get(method.lower())
                return found
        return None

    def _validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        key = repr(schema)
        if key not in self._validators:
            whole = {**schema, "components": self.document["components"]}
            self._validators[key] = Draft202012Validator(whole)
        return self._validators[key]
