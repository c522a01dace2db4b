-- One declaration of force majeure.
SELECT
    f.id, f.marketplace_id, f.province, f.city, f.district, f.since, f.until, f.title_zh,
    f.title_en, f.proof, f.declared_by, f.declared_at, f.ended_at, f.revoked_at, f.revoked_because,
    (
        SELECT count(*) FROM cases AS c
        WHERE
            c.marketplace_id = f.marketplace_id
            AND c.paused_by @> ARRAY['force_majeure:' || f.id::text]
    )
FROM force_majeure AS f
WHERE f.id = %(id)s
