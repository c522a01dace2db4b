"""A client of the web server that may be killed: each command under a key, again until answered."""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_SECONDS = 10
_BETWEEN_TRIES_SECONDS = 0.05


@dataclass
class Noted:
    """What was acknowledged, and how often it had to be asked for."""

    lines: list[dict[str, object]] = field(default_factory=list)
    again: int = 0
    """Requests sent again because the answer never came."""
    repeated: int = 0
    """Of them, those that had been carried out all the same."""


class Client(Thread):
    """Opens cases on its orders, hands in evidence, and lets the merchant agree."""

    def __init__(self, port: Callable[[], int], keys: tuple[str, str], orders: range) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.buyer, self.merchant = keys
        self.orders = orders
        self.noted = Noted()
        self.stopping = Event()
        self.trouble: list[str] = []
        self.faults: Counter[str] = Counter()
        """Why an answer did not come."""

    def run(self) -> None:
        """Work through the orders until told to stop; what was begun is finished first."""
        for n in self.orders:
            if self.stopping.is_set():
                return
            opened = self.give(
                self.buyer,
                "/cases",
                {
                    "shop_id": "shop-1", "order_id": f"o{n}", "claim": "refund_only",
                    "reason": "quality",
                },
                f"open-{n}",
            )  # fmt: skip
            path = f"/cases/{opened}"
            if n % 2:
                self.hand_in(f"{path}/evidence", f"file-{n}")
            if n % 3:
                self.give(self.merchant, f"{path}/actions", {"action": "agree"}, f"agree-{n}")

    def give(self, who: str, path: str, body: dict[str, object], key: str) -> str:
        """Give a command; returns its case."""
        return self._until_answered(
            who, path, json.dumps(body).encode(), {"Content-Type": "application/json"}, key
        )

    def hand_in(self, path: str, key: str) -> None:
        """Hand in a file as evidence."""
        edge = uuid4().hex
        parts = (
            f'--{edge}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nchat\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
            f"Content-Type: text/plain\r\n\r\n{key}\r\n--{edge}--\r\n"
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        self._until_answered(self.buyer, path, parts.encode(), headers, key)

    def _until_answered(
        self, who: str, path: str, body: bytes, headers: dict[str, str], key: str
    ) -> str:
        tries = 0
        while True:
            try:
                status, said = self._post(who, path, body, headers, key)
            except (OSError, http.client.HTTPException) as fault:
                self.faults[type(fault).__name__] += 1
                tries += 1
                time.sleep(_BETWEEN_TRIES_SECONDS)
                continue
            if status == http.client.TOO_MANY_REQUESTS or status >= 500:
                self.faults[str(status)] += 1
                tries += status != http.client.TOO_MANY_REQUESTS
                time.sleep(_BETWEEN_TRIES_SECONDS)
                continue
            if status != http.client.OK:
                self.trouble.append(f"{key}: {status} {said}")
                return ""
            self.noted.again += tries
            self.noted.repeated += bool(tries and said["repeated"])
            if said["repeated"] and not tries:
                self.trouble.append(f"{key}: repeated, but asked for once")
            case = said["case"]
            line = {"key": key, "case": case["id"], "version": case["version"]}
            self.noted.lines.append(line)
            return str(case["id"])

    def _post(
        self, who: str, path: str, body: bytes, headers: dict[str, str], key: str
    ) -> tuple[int, dict]:  # type: ignore[type-arg]
        connection = http.client.HTTPConnection("127.0.0.1", self.port(), timeout=PATIENCE_SECONDS)
        try:
            connection.request(
                "POST",
                f"/api/v1{path}",
                body,
                {**headers, "Authorization": f"Bearer {who}", "Idempotency-Key": key},
            )
            answer = connection.getresponse()
            said = answer.read()
            return answer.status, json.loads(said) if said else {}
        finally:
            connection.close()
