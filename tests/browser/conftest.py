"""A real browser on a real server: Chromium as found, the site served from this process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from gongdao.store import schema

schema.boot()

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.web.conftest import stage  # noqa: E402
from tests.web.stage import PASSWORD  # noqa: E402

if TYPE_CHECKING:
    from gongdao.store.postgres import Address

__all__ = ["stage"]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        del format, args


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("没有 Chromium · no Chromium on this machine (apt-get install chromium)")
    # Playwright keeps an event loop in this thread; the database is still asked one call at a time.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def site(db: Address, stage: None) -> Iterator[str]:
    """Yield the address of the site, served by threads of this process."""
    from gongdao.web.wsgi import application

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(application)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Visitor:
    """Somebody at a browser; collects what no page may do: ask elsewhere, or fail in its script."""

    page: Page
    site: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._see)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._hear)

    def _see(self, request: Any) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.faults.append(f"asked elsewhere: {request.url}")

    def _hear(self, message: Any) -> None:
        # A refusal answers 4xx, which Chromium reports of itself.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.site}{path}")

    def sign_in(self, name: str) -> None:
        self.go("/accounts/login/")
        self.page.get_by_label("用户名").fill(name)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(lambda url: "/accounts/" not in url)

    def do(self, title: str, **fields: str) -> None:
        """Open an action, fill it in, preview it, confirm it."""
        action = self.page.locator(
            "details.action", has=self.page.locator(f"summary:text-is('{title}')")
        )
        if action.get_attribute("open") is None:
            action.locator("> summary").click()
        for label, value in fields.items():
            action.get_by_label(label).first.fill(value)
        action.get_by_role("button", name="试算").click()
        self.confirm(action)

    def confirm(self, where: Any) -> None:
        where.get_by_role("button", name="确认执行").click()
        self.page.get_by_role("status").filter(has_text="已完成。").wait_for()


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Callable[..., Visitor]]:
    """Yield a way to open browsers, each with its own session; none may have had a fault."""
    visitors: list[Visitor] = []
    contexts: list[Any] = []

    def open_browser(name: str | None = None, **options: Any) -> Visitor:
        given: dict[str, Any] = {"locale": "zh-CN", "viewport": {"width": 1440, "height": 900}}
        context = chromium.new_context(**(given | options))
        context.set_default_timeout(10_000)
        contexts.append(context)
        visitor = Visitor(context.new_page(), site)
        visitors.append(visitor)
        if name:
            visitor.sign_in(name)
        return visitor

    yield open_browser
    for context in contexts:
        context.close()
    assert [fault for visitor in visitors for fault in visitor.faults] == []
