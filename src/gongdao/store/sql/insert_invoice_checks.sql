-- Cases with a refund or an end whose order has an invoice: looked at later, by the worker.
INSERT INTO invoice_check (shop_id, case_id, marketplace_id)
SELECT DISTINCT n.shop_id, n.case_id, n.marketplace_id
FROM unnest(
    %(shop_id)b::text[], %(case_id)b::uuid[], %(marketplace_id)b::text[], %(order_id)b::text[]
) AS n (shop_id, case_id, marketplace_id, order_id)
INNER JOIN invoice AS i ON n.shop_id = i.shop_id AND n.order_id = i.order_id
ON CONFLICT (shop_id, case_id) DO UPDATE SET try_at = clock_timestamp()
