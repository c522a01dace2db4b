-- Declarations of a marketplace that neither ended nor were revoked, held until the openings that
-- look at them are written, so that one revoked meanwhile finds their cases.
SELECT
    f.id, f.marketplace_id, f.province, f.city, f.district, f.since, f.until, f.title_zh,
    f.title_en, f.proof, f.declared_by, f.declared_at, f.ended_at, f.revoked_at, f.revoked_because,
    0
FROM force_majeure AS f
WHERE f.marketplace_id = %(marketplace_id)s AND f.revoked_at IS NULL AND f.ended_at IS NULL
ORDER BY f.since, f.id
FOR SHARE
