SELECT
    coalesce(sum(e.fen), 0)::bigint, count(*), count(*) FILTER (WHERE e.fen <> 0)
FROM (
    SELECT sum(amount_fen) AS fen
    FROM posting
    GROUP BY shop_id, order_id, case_id, seq
) AS e
