INSERT INTO force_majeure (
    id, marketplace_id, province, city, district, since, until, title_zh, title_en, proof,
    declared_by, declared_at, revoked_because
)
VALUES (
    %(id)s, %(marketplace_id)s, %(province)s, %(city)s, %(district)s, %(since)s, %(until)s,
    %(title_zh)s, %(title_en)s, %(proof)s, %(declared_by)s, %(declared_at)s, ''
)
ON CONFLICT (id) DO NOTHING
