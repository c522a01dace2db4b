# ruff: noqa: INP001  a program of its own
"""Write clients/python/gongdao_client.py from docs/reference/openapi.json, one method a call.

python tools/write_client.py
"""

from __future__ import annotations

import json
import keyword
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "docs" / "reference" / "openapi.json"
TARGET = ROOT / "clients" / "python" / "gongdao_client.py"
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_OPTIONAL = {True: " = None", False: " | None = None"}
_HEAD = '''"""A typed client of gongdao's API, written from its OpenAPI document. Needs urllib3.

    client = Client("https://gongdao.example.com", "gd_…")
    client.payments_list_payments(state="granted")
"""

# Written by tools/write_client.py; do not edit.
from __future__ import annotations

import json
from typing import Any, TypedDict
from urllib.parse import quote, urlencode

import urllib3


class Problem(Exception):
    """A refusal (RFC 9457): `status`, the stable `code`, and the whole document as `body`."""

    def __init__(self, status: int, body: Any) -> None:
        self.status = status
        self.body = body
        self.code = body.get("code", "") if isinstance(body, dict) else ""
        super().__init__(f"{status} {self.code}")

'''
_CLIENT = '''
class Client:
    """Calls the API with one key. An instance may be shared by threads."""

    def __init__(self, address: str, key: str, *, language: str = "zh-Hans") -> None:
        self._address = address.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(30.0), retries=False)

    def _call(
        self,
        verb: str,
        path: str,
        query: dict[str, Any],
        headers: dict[str, Any],
        body: Any = None,
    ) -> Any:
        given = {k: v for k, v in query.items() if v is not None}
        words = {k: str(v).lower() if isinstance(v, bool) else v for k, v in given.items()}
        address = self._address + path + (f"?{urlencode(words, doseq=True)}" if words else "")
        sent = self._headers | {k: str(v) for k, v in headers.items() if v is not None}
        content = None
        if isinstance(body, bytes):
            content, sent["Content-Type"] = body, "application/octet-stream"
        elif body is not None:
            content, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        answer = self._pool.request(verb, address, body=content, headers=sent)
        is_json = "json" in answer.headers.get("Content-Type", "")
        said = json.loads(answer.data) if is_json and answer.data else answer.data
        if answer.status >= 400:
            raise Problem(answer.status, said)
        return said
'''


def typed(schema: dict[str, Any]) -> str:
    """Return the Python type of a JSON schema."""
    if ref := schema.get("$ref"):
        return str(ref.rpartition("/")[2])
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(dict.fromkeys(typed(choice) for choice in choices))
    kind = schema.get("type")
    if kind == "array":
        return f"list[{typed(schema.get('items', {}))}]"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"dict[str, {typed(inner) if isinstance(inner, dict) else 'Any'}]"
    return _PLAIN.get(str(kind), "Any")


def name_of(word: str) -> str:
    """Return a word as a Python name."""
    name = re.sub(r"\W+", "_", word).strip("_").lower()
    return f"{name}_" if keyword.iskeyword(name) else name


def shape(name: str, schema: dict[str, Any]) -> str:
    """Return a component as a TypedDict; what is no object is named for what it is."""
    if "properties" not in schema:
        return f"\n{name} = {typed(schema) if schema.get('type') != 'string' else 'str'}\n"
    required = set(schema.get("required", ()))
    fields = {p: typed(s) for p, s in schema["properties"].items()}
    needed = [p for p in fields if p in required]
    rest = [p for p in fields if p not in required]
    said = f"\n\nclass _{name}(TypedDict):\n" if rest and needed else f"\n\nclass {name}(TypedDict"
    if not (rest and needed):
        said += ", total=False):\n" if rest else "):\n"
        lines = [f"    {p}: {fields[p]}" for p in (rest or needed)]
        return said + "\n".join(lines or ["    pass"]) + "\n"
    said += "\n".join(f"    {p}: {fields[p]}" for p in needed)
    said += f"\n\n\nclass {name}(_{name}, total=False):\n"
    return said + "\n".join(f"    {p}: {fields[p]}" for p in rest) + "\n"


def method(path: str, verb: str, operation: dict[str, Any]) -> str:
    """Return an operation as a method of the client."""
    parameters = operation.get("parameters", [])
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("schema")
    tag = operation["tags"][0]
    last = operation["operationId"].split("_api_v1_")[-1]
    name = name_of(f"{tag}_{last.split('_', 1)[1] if last.startswith(f'{tag}_') else last}")
    places = [p for p in parameters if p["in"] == "path"]
    others = [p for p in parameters if p["in"] in {"query", "header"}]
    signature = ["self", *(f"{name_of(p['name'])}: str" for p in places)]
    if body is not None:
        signature.append(f"body: {typed(body)}")
    elif content or (verb == "post" and tag == "imports"):
        signature.append("body: bytes")
    if others:
        signature.append("*")
        signature += [
            f"{name_of(p['name'])}: {typed(p['schema'])}"
            + ("" if p.get("required") else _OPTIONAL[typed(p["schema"]).endswith("None")])
            for p in others
        ]
    answers = operation["responses"].get("200", {}).get("content", {})
    answer = answers.get("application/json", {}).get("schema")
    url = re.sub(r"{(\w+)}", lambda m: "{quote(" + name_of(m[1]) + ", safe='')}", path)
    groups = [
        "{" + ", ".join(f'"{p["name"]}": {name_of(p["name"])}' for p in others if p["in"] == where)
        + "}"
        for where in ("query", "header")
    ]  # fmt: skip
    has_body = any(s.startswith("body:") for s in signature)
    result = typed(answer) if answer else "Any"
    return (
        f"\n    def {name}(\n        " + ",\n        ".join(signature) + f",\n    ) -> {result}:\n"
        f'        """{operation["summary"]}."""\n'
        f'        return self._call(\n            "{verb.upper()}",\n            f"{url}",\n'
        f"            {groups[0]},\n            {groups[1]},\n"
        f"            {'body' if has_body else 'None'},\n        )\n"
    )


def written() -> str:
    """Return the client's source for the OpenAPI document as it stands."""
    document = json.loads(SOURCE.read_text(encoding="utf-8"))
    shapes = "".join(shape(n, s) for n, s in sorted(document["components"]["schemas"].items()))
    methods = "".join(
        method(path, verb, operation)
        for path, verbs in sorted(document["paths"].items())
        for verb, operation in sorted(verbs.items())
    )
    return _HEAD + shapes + "\n" + _CLIENT + methods


if __name__ == "__main__":
    TARGET.write_text(written(), encoding="utf-8")
