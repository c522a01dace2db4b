SELECT id, platform, title_zh, title_en, sandbox, clock_offset_seconds, sandbox_pays
FROM marketplace
ORDER BY id
