DELETE FROM invoice_check WHERE shop_id = %(shop_id)s AND case_id = %(case_id)s
