INSERT INTO invoice_task (
    shop_id, id, marketplace_id, order_id, buyer_id, case_id, invoice_id, cause, kind, state,
    waits_for, amount_fen, version, opened_at, closed_at, next_due_at, outcome, head_hash, snapshot
) VALUES (
    %(shop_id)s, %(id)s, %(marketplace_id)s, %(order_id)s, %(buyer_id)s, %(case_id)s,
    %(invoice_id)s, %(cause)s, %(kind)s, %(state)s, %(waits_for)s, %(amount_fen)s, %(version)s,
    %(opened_at)s, %(closed_at)s, %(next_due_at)s, %(outcome)s, %(head_hash)s, %(snapshot)s
)
ON CONFLICT (shop_id, id) DO UPDATE SET
    state = excluded.state,
    waits_for = excluded.waits_for,
    version = excluded.version,
    closed_at = excluded.closed_at,
    next_due_at = excluded.next_due_at,
    outcome = excluded.outcome,
    head_hash = excluded.head_hash,
    snapshot = excluded.snapshot,
    attempts = 0,
    trouble = ''
