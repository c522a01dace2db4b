INSERT INTO audit_log (user_id, role, verb, shop_id, case_id, key, result, rows)
VALUES (
    %(user_id)s, %(role)s, %(verb)s, %(shop_id)s, %(case_id)s, %(key)s, %(result)s, %(rows)s
)
