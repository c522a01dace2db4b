INSERT INTO import_progress (
    marketplace_id, source, position, orders, errors, finished_at, updated_at
)
VALUES (
    %(marketplace_id)s, %(source)s, %(position)s, %(orders)s, %(errors)s,
    CASE WHEN %(finished)s THEN clock_timestamp() END, clock_timestamp()
)
ON CONFLICT (marketplace_id, source) DO UPDATE SET
    position = excluded.position, orders = excluded.orders, errors = excluded.errors,
    finished_at = excluded.finished_at, updated_at = excluded.updated_at
