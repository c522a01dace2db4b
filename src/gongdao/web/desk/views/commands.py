"""Commands from pages (页面操作): act with a preview first, hand in evidence, record findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongdao.app import act, record_finding, submit_evidence
from gongdao.app.join_act import record_in_all
from gongdao.app.permissions import Verb, allow
from gongdao.app.queries.case_page import case_page
from gongdao.core.kernel.findings import BadInput, Finding, NotVisible, Refused
from gongdao.core.kernel.text import Text
from gongdao.web.desk.confirming import previewed, to_case, version_in
from gongdao.web.desk.entrance import for_callers
from gongdao.web.desk.fact_form import fact_form, read_findings
from gongdao.web.desk.language import wording
from gongdao.web.desk.payload import read_payload
from gongdao.web.evidence_links import make_link

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gongdao.app.outcome import Outcome
    from gongdao.app.permissions import Caller
    from gongdao.core.cases.model import Case, Plain

_CONTROLS = frozenset({"csrfmiddlewaretoken", "action", "track", "version", "key", "confirm"})


@for_callers
@require_POST
def act_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Preview an action, or do it once its giver has confirmed what was shown."""
    given = request.POST.dict()
    names = [name for name in given if name not in _CONTROLS]

    def do(*, preview: bool) -> Outcome:
        return act.act(
            caller,
            str(case_id),
            given.get("action", ""),
            read_payload(given, names),
            key=given.get("key", ""),
            track=given.get("track") or None,
            expected_version=version_in(request),
            preview=preview,
        )

    return previewed(request, do)


def _record(request: HttpRequest, caller: Caller, case: Case, name: str, value: Plain) -> None:
    """Record one fact, in this case or in all that are heard together with it."""
    key = f"{request.POST.get('key', '')}:{name}"
    evidence = tuple(request.POST.getlist("evidence"))
    note = request.POST.get("note", "")
    if case.joined is not None and request.POST.get("in_all") == "yes":
        group = case.joined.group
        record_in_all(caller, group, name, value, key=key, evidence=evidence, note=note)
        return
    record_finding.record(caller, case.id, name, value, key=key, evidence=evidence, note=note)


@for_callers
@require_POST
def find_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Record the facts that the form establishes, each a finding of its own."""
    allow(caller, Verb.RECORD_FINDING)
    page = case_page(caller, str(case_id))
    form = fact_form(page.case, page.playbook, page.outlook, page.now) if page.outlook else None
    found = read_findings(form, request.POST.dict()) if form else {}
    if not found:
        messages.error(request, _("No fact was entered."))
        return to_case(request, str(case_id))
    for name, value in found.items():
        try:
            _record(request, caller, page.case, name, value)
        except NotVisible:
            raise
        except Refused as refused:
            for finding in refused.findings:
                messages.error(request, wording(finding.message))
        else:
            messages.success(request, _("Recorded."))
    return to_case(request, str(case_id))


@for_callers
@require_POST
def submit_page(request: HttpRequest, caller: Caller, case_id: str) -> HttpResponse:
    """Hand in a file as evidence."""
    upload = request.FILES.get("file")
    if upload is None:
        raise BadInput(
            Finding(
                code="evidence.file_required",
                field="file",
                message=Text("请选择文件", "choose a file"),
            )
        )
    submit_evidence.submit(
        caller,
        str(case_id),
        name=upload.name or "evidence",
        stream=upload,
        kind=request.POST.get("kind", "other"),
        note=request.POST.get("note", ""),
        key=request.POST.get("key", ""),
    )
    messages.success(request, _("Evidence handed in."))
    return to_case(request, str(case_id))


@for_callers
@require_GET
def evidence_page(
    _request: HttpRequest, caller: Caller, case_id: str, evidence_id: str
) -> HttpResponse:
    """Lead to one piece of evidence by a fresh signed link, good for minutes."""
    return redirect(make_link(caller, str(case_id), evidence_id).url)
