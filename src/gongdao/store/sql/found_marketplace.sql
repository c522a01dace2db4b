-- A marketplace is made once; its platform never changes, because cases were decided under it.
INSERT INTO marketplace (id, platform, title_zh, title_en, sandbox, clock_offset_seconds)
VALUES (
    %(marketplace_id)s, %(platform)s, %(title_zh)s, %(title_en)s, %(sandbox)s,
    %(clock_offset_seconds)s
)
ON CONFLICT (id) DO NOTHING
