DELETE FROM joined_case AS j
USING unnest(%(shop_id)b::text[], %(case_id)b::uuid[]) AS n (shop_id, case_id)
WHERE j.shop_id = n.shop_id AND j.case_id = n.case_id
