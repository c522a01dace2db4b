INSERT INTO joined_case (shop_id, case_id, group_id, since)
SELECT n.shop_id, n.case_id, n.group_id, n.since
FROM unnest(
    %(shop_id)b::text[], %(case_id)b::uuid[], %(group_id)b::uuid[], %(since)b::timestamptz[]
) AS n (shop_id, case_id, group_id, since)
ON CONFLICT (shop_id, case_id) DO UPDATE SET
    group_id = excluded.group_id, since = excluded.since
