-- Clocks that stopped or fired.
DELETE FROM deadline AS d
USING unnest(
    %(shop_id)b::text[], %(case_id)b::uuid[], %(track)b::text[], %(name)b::text[]
) AS n (shop_id, case_id, track, name)
WHERE
    d.shop_id = n.shop_id AND d.case_id = n.case_id AND d.track = n.track AND d.name = n.name
