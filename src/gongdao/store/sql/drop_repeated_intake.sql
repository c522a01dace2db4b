-- An order told twice in one batch: the last word counts.
DELETE FROM intake AS i
USING intake AS later
WHERE i.shop_id = later.shop_id AND i.order_id = later.order_id AND i.ordinal < later.ordinal
