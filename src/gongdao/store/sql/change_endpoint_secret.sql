UPDATE webhook_endpoint SET secret = %(secret)s WHERE id = %(endpoint_id)s
