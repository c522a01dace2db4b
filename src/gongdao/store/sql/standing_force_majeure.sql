-- Declarations that still take in cases opened since, each with its marketplace's time.
SELECT
    f.id, f.marketplace_id, f.province, f.city, f.district, f.since, f.until, f.title_zh,
    f.title_en, f.proof, f.declared_by, f.declared_at, f.ended_at, f.revoked_at, f.revoked_because,
    0, n.now
FROM force_majeure AS f
INNER JOIN marketplace AS m ON f.marketplace_id = m.id
CROSS JOIN LATERAL (
    SELECT clock_timestamp() + m.clock_offset_seconds * interval '1 second' AS now
) AS n
WHERE
    f.revoked_at IS NULL AND f.ended_at IS NULL AND f.since <= n.now
    AND (f.until IS NULL OR f.until > n.now)
