"""The API, put together: `/api/v1`, its routers, its authentication, its refusals."""

from __future__ import annotations

import gongdao
from gongdao.web.api import problems
from gongdao.web.api.authentication import KeyAuth, SessionAuth
from gongdao.web.api.document import DocumentedAPI
from gongdao.web.api.rate import BURST, REQUESTS_A_SECOND, KeyThrottle
from gongdao.web.api.v1 import (
    assignments,
    cases,
    claims,
    commands,
    evidence,
    exports,
    force_majeure,
    health,
    hearing,
    imports,
    invoices,
    joined,
    keys,
    marks,
    messages,
    offers,
    orders,
    parcels,
    payments,
    people,
    questions,
    rulebooks,
    sandbox,
    statements,
    strategies,
    webhooks,
)

DESCRIPTION = f"""After-sales, disputes and rulings.

* Amounts are integers of fen; instants carry an offset.
* Commands need `Idempotency-Key`; `If-Match: "<version>"` refuses them when the case has moved.
* Refusals are `application/problem+json` (RFC 9457) with a stable `code`; words follow
  `Accept-Language` (zh-Hans, en).
* What a caller may not see does not exist: 404.
* A key may do {BURST} calls at once and then {REQUESTS_A_SECOND} a second, counted by each web
  process; beyond that 429 with `Retry-After`.
"""

api = DocumentedAPI(
    title="gongdao 公道",
    version=gongdao.__version__,
    description=DESCRIPTION,
    urls_namespace="api-v1",
    auth=[KeyAuth(), SessionAuth()],
    docs_url=None,
    throttle=KeyThrottle(),
)
problems.install(api)
api.add_router("/orders", orders.router)
api.add_router("/orders", claims.router)
api.add_router("/cases", cases.router)
api.add_router("/cases", commands.router)
api.add_router("/cases", evidence.router)
api.add_router("/cases", hearing.router)
api.add_router("/assignments", assignments.router)
api.add_router("/cases", offers.router)
api.add_router("/cases", parcels.router)
api.add_router("/shops", parcels.shops)
api.add_router("/shops", strategies.router)
api.add_router("/rulebooks", rulebooks.router)
api.add_router("", questions.router)
api.add_router("/payments", payments.router)
api.add_router("/imports", imports.router)
api.add_router("/joined-cases", joined.router)
api.add_router("/keys", keys.router)
api.add_router("/sandbox", sandbox.router)
api.add_router("/statements", statements.router)
api.add_router("/webhooks", webhooks.router)
api.add_router("/people", people.router)
api.add_router("/force-majeure", force_majeure.router)
api.add_router("/marks", marks.router)
api.add_router("/invoices", invoices.router)
api.add_router("/messages", messages.router)
api.add_router("/exports", exports.router)
api.add_router("/cases", messages.case_router)
api.add_router("/health", health.router)
