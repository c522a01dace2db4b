"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from gongdao.web.desk.views import (
    case,
    commands,
    entry,
    hearing,
    keys,
    negotiation,
    orders,
    overview,
    queue,
    rulebooks,
    statement,
)

app_name = "desk"
urlpatterns = [
    path("", entry.home, name="home"),
    path("role/", entry.choose_role, name="choose_role"),
    path("overview/", overview.overview, name="overview"),
    path("queue/", queue.queue_page, name="queue"),
    path("queue/next/", hearing.next_page, name="take_next"),
    path("cases/<uuid:case_id>/", case.show_case, name="case"),
    path("cases/<uuid:case_id>/act/", commands.act_page, name="act"),
    path("cases/<uuid:case_id>/take/", hearing.take_page, name="take"),
    path("cases/<uuid:case_id>/offers/", negotiation.offer_page, name="offer"),
    path("cases/<uuid:case_id>/offers/<int:number>/", negotiation.answer_page, name="answer"),
    path("cases/<uuid:case_id>/inspection/", hearing.inspect_page, name="inspect"),
    path("cases/<uuid:case_id>/loss/", hearing.lost_page, name="report_lost"),
    path("cases/<uuid:case_id>/findings/", commands.find_page, name="find"),
    path("cases/<uuid:case_id>/evidence/", commands.submit_page, name="submit_evidence"),
    path(
        "cases/<uuid:case_id>/evidence/<str:evidence_id>/", commands.evidence_page, name="evidence"
    ),
    path(
        "cases/<uuid:case_id>/evidence/<str:evidence_id>/challenge/",
        hearing.challenge_page,
        name="challenge",
    ),
    path(
        "cases/<uuid:case_id>/rulings/<int:number>/",
        statement.statement_page,
        name="statement",
    ),
    path("orders/", orders.order_list, name="orders"),
    path("orders/<str:shop_id>/<str:order_id>/", orders.order_page, name="order"),
    path("orders/<str:shop_id>/<str:order_id>/open/", orders.open_page, name="open"),
    path("keys/", keys.key_list, name="keys"),
    path("keys/revoke/", keys.revoke_key, name="revoke_key"),
    path("rulebooks/", rulebooks.rulebook_list, name="rulebooks"),
    path("rulebooks/<path:ref>/", rulebooks.rulebook_page, name="rulebook"),
]
