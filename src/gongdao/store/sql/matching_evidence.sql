-- The same content, or a picture that looks the same, in other cases of the marketplace.
WITH mine AS (
    SELECT u.evidence_id, u.digest, u.marketplace_id, p.hash, p.bands
    FROM evidence_use AS u
    LEFT JOIN evidence_picture AS p ON u.shop_id = p.shop_id AND u.digest = p.digest
    WHERE u.shop_id = %(shop_id)s AND u.case_id = %(case_id)s
), alike AS (
    SELECT m.evidence_id AS mine_id, p.shop_id, p.digest, bit_count(p.hash # m.hash) AS distance
    FROM mine AS m
    INNER JOIN evidence_picture AS p
        ON m.bands && p.bands AND m.marketplace_id = p.marketplace_id
    WHERE bit_count(p.hash # m.hash) <= %(most_different)s
), found AS (
    SELECT a.mine_id, u.shop_id, u.case_id, u.evidence_id, u.given_by, u.at, a.distance
    FROM alike AS a
    INNER JOIN evidence_use AS u ON a.shop_id = u.shop_id AND a.digest = u.digest
    UNION
    SELECT m.evidence_id, u.shop_id, u.case_id, u.evidence_id, u.given_by, u.at, 0
    FROM mine AS m
    INNER JOIN evidence_use AS u ON m.marketplace_id = u.marketplace_id AND m.digest = u.digest
)
SELECT
    f.mine_id, f.shop_id, f.case_id, f.evidence_id, f.given_by, f.at, min(f.distance) AS distance,
    c.order_id, c.buyer_id
FROM found AS f
INNER JOIN cases AS c ON f.shop_id = c.shop_id AND f.case_id = c.id
-- What a joined case refers to is the same piece, not another one like it.
WHERE f.case_id <> %(case_id)s AND f.evidence_id <> f.mine_id
GROUP BY f.mine_id, f.shop_id, f.case_id, f.evidence_id, f.given_by, f.at, c.order_id, c.buyer_id
ORDER BY f.mine_id, distance, f.at
LIMIT %(limit)s
