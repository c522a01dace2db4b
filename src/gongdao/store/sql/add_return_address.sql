INSERT INTO shop_return_address (
    shop_id, number, return_name, return_phone, return_region, return_address, given_by
)
SELECT
    %(shop_id)s, coalesce(max(number), 0) + 1, %(return_name)s, %(return_phone)s,
    %(return_region)s, %(return_address)s, %(given_by)s
FROM shop_return_address WHERE shop_id = %(shop_id)s
