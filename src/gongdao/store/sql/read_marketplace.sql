SELECT platform, title_zh, title_en, sandbox FROM marketplace
WHERE id = %(marketplace_id)s
