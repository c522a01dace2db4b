SELECT count(*) FROM event AS e
INNER JOIN cases AS c ON e.shop_id = c.shop_id AND e.case_id = c.id
WHERE c.marketplace_id = %(marketplace_id)s AND e.kind = 'acted' AND e.actor = 'clock'
