INSERT INTO marketplace (
    id, platform, title_zh, title_en, sandbox, clock_offset_seconds, sandbox_pays
)
VALUES (
    %(marketplace_id)s, %(platform)s, %(title_zh)s, %(title_en)s, %(sandbox)s, %(offset_seconds)s,
    %(sandbox_pays)s
)
ON CONFLICT (id) DO UPDATE SET
    platform = excluded.platform, title_zh = excluded.title_zh, title_en = excluded.title_en,
    sandbox = excluded.sandbox, clock_offset_seconds = excluded.clock_offset_seconds,
    sandbox_pays = excluded.sandbox_pays
