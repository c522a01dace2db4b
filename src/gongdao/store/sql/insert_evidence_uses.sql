INSERT INTO evidence_use (shop_id, case_id, evidence_id, marketplace_id, digest, given_by, at)
SELECT n.shop_id, n.case_id, n.evidence_id, n.marketplace_id, n.digest, n.given_by, n.at
FROM unnest(
    %(shop_id)b::text[], %(case_id)b::uuid[], %(evidence_id)b::text[],
    %(marketplace_id)b::text[], %(digest)b::text[], %(given_by)b::text[], %(at)b::timestamptz[]
) AS n (shop_id, case_id, evidence_id, marketplace_id, digest, given_by, at)
