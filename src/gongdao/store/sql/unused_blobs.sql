SELECT b.shop_id, b.digest
FROM evidence_blob AS b
WHERE
    b.stored_at < %(before)s
    AND NOT EXISTS (
        SELECT 1 FROM evidence_use AS u WHERE b.shop_id = u.shop_id AND b.digest = u.digest
    )
ORDER BY b.shop_id, b.digest
