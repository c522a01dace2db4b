SELECT id, platform, title_zh, title_en, sandbox, clock_offset_seconds
FROM marketplace
ORDER BY id
