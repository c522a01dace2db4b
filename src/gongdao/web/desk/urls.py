"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from gongdao.web.desk.views import (
    case,
    commands,
    entry,
    force_majeure,
    hearing,
    invoices,
    joined,
    keys,
    marks,
    negotiation,
    orders,
    overview,
    payments,
    queue,
    rulebooks,
    shop_money,
    statement,
    strategies,
    webhooks,
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
    path("cases/<uuid:case_id>/join/", joined.join_page, name="join"),
    path("cases/<uuid:case_id>/separate/", joined.separate_page, name="separate"),
    path("joined/<uuid:group_id>/", joined.group_page, name="joined"),
    path("joined/<uuid:group_id>/act/", joined.act_page, name="joined_act"),
    path("joined/<uuid:group_id>/statement/", joined.statement_page, name="joined_statement"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/<str:shop_id>/<str:order_id>/", orders.order_page, name="order"),
    path("orders/<str:shop_id>/<str:order_id>/open/", orders.open_page, name="open"),
    path("orders/<str:shop_id>/<str:order_id>/cancel/", orders.cancel_page, name="cancel"),
    path("invoices/", invoices.task_list, name="invoices"),
    path("invoices/tasks/<uuid:task_id>/", invoices.task_page, name="invoice_task"),
    path("invoices/tasks/<uuid:task_id>/act/", invoices.task_act, name="invoice_act"),
    path("invoices/<str:shop_id>/wrong/", invoices.wrong, name="wrong_invoice"),
    path("orders/<str:shop_id>/<str:order_id>/invoice/", invoices.tell, name="tell_invoice"),
    path("keys/", keys.key_list, name="keys"),
    path("keys/revoke/", keys.revoke_key, name="revoke_key"),
    path("keys/rotate/", keys.rotate_key, name="rotate_key"),
    path("webhooks/", webhooks.endpoint_list, name="webhooks"),
    path("webhooks/<uuid:endpoint_id>/", webhooks.endpoint_page, name="endpoint"),
    path("webhooks/<uuid:endpoint_id>/act/", webhooks.endpoint_act, name="endpoint_act"),
    path("payments/", payments.payment_list, name="payments"),
    path("payments/report/", payments.report_page, name="report_payment"),
    path("payments/outside/", payments.outside_page, name="outside_refund"),
    path(
        "payments/exceptions/<uuid:exception_id>/", payments.resolve_page, name="resolve_exception"
    ),
    path("money/", shop_money.money_page, name="shop_money"),
    path("money/deposit/", shop_money.deposit_page, name="move_deposit"),
    path("strategies/", strategies.strategy_list, name="strategies"),
    path("strategies/keep/", strategies.keep_page, name="strategy_keep"),
    path("strategies/<str:name>/<int:version>/try/", strategies.try_page, name="strategy_try"),
    path(
        "strategies/<str:name>/<int:version>/switch/",
        strategies.switch_page,
        name="strategy_switch",
    ),
    path("force-majeure/", force_majeure.declarations, name="force_majeure"),
    path("force-majeure/declare/", force_majeure.declare_page, name="declare_force_majeure"),
    path(
        "force-majeure/<uuid:declaration_id>/",
        force_majeure.withdraw_page,
        name="withdraw_force_majeure",
    ),
    path("marks/", marks.mark_list, name="marks"),
    path("rulebooks/", rulebooks.rulebook_list, name="rulebooks"),
    path("rulebooks/<path:ref>/", rulebooks.rulebook_page, name="rulebook"),
]
