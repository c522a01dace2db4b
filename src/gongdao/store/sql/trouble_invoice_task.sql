UPDATE invoice_task SET attempts = attempts + 1, trouble = %(trouble)s
WHERE shop_id = %(shop_id)s AND id = %(id)s
