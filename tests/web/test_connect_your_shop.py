"""The how-to "connect your shop", run as written against a running server with the client."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from standardwebhooks import Webhook

from gongdao.worker.courier import deliver_round
from tests.app.world import MARKET, everything_holds, one
from tests.web.stage import Program
from tests.worker.listener import listening

ROOT = Path(__file__).parents[2]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = False


class Quiet(WSGIRequestHandler):
    def log_message(self, *_given: object) -> None:
        return

    def close_connections(self) -> None:
        from django.db import connections

        connections.close_all()

    def handle(self) -> None:
        super().handle()
        self.close_connections()


def test_the_client_is_the_one_the_document_gives() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from write_client import TARGET, written
    finally:
        sys.path.pop(0)
    assert TARGET.read_text("utf-8") == written(), "run python tools/write_client.py"


@pytest.mark.usefixtures("stage")
def test_the_how_to_runs_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs/how-to/connect-your-shop.md").read_text("utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("GONGDAO_ADDRESS", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("GONGDAO_KEY", Program("operator").key)
    monkeypatch.setenv("GONGDAO_MARKETPLACE", MARKET)
    monkeypatch.syspath_prepend(str(ROOT / "clients/python"))
    try:
        with listening() as listener:
            monkeypatch.setenv("GONGDAO_LISTENER", listener.url)
            said: dict[str, object] = {}
            exec(compile(code, "connect-your-shop.md", "exec"), said)
            said["gongdao"]._pool.clear()
            deliver_round()
            heard = {h.event["type"]: h for h in listener.heard}
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert set(heard) == {
        "gongdao.webhook.test", "gongdao.payment.instructed", "gongdao.case.closed",
    }  # fmt: skip
    secret = said["endpoint"]["secret"]
    paid = heard["gongdao.payment.instructed"]
    assert Webhook(secret).verify(paid.body, paid.headers)["data"]["amount_fen"] == 12900
    assert one("SELECT state FROM payment") == "confirmed"
    everything_holds()
