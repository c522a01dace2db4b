INSERT INTO webhook_delivery (id, endpoint_id, kind)
VALUES (%(id)s, %(endpoint_id)s, 'webhook.test')
