-- Which of these files a case not among those given needs still: it runs, or its words are kept.
SELECT DISTINCT u.shop_id, u.digest
FROM unnest(%(shop_id)b::text[], %(digest)b::text[]) AS n (shop_id, digest)
INNER JOIN evidence_use AS u ON n.shop_id = u.shop_id AND n.digest = u.digest
INNER JOIN cases AS c ON u.shop_id = c.shop_id AND u.case_id = c.id
WHERE
    c.id <> ALL(%(case_ids)b::uuid[])
    AND (
        c.closed_at IS NULL OR EXISTS (
            SELECT 1 FROM personal_key AS k
            WHERE k.shop_id = c.shop_id AND k.order_id = c.order_id AND k.key IS NOT NULL
        )
    )
