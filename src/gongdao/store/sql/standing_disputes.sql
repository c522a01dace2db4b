SELECT marketplace_id, head_hash, order_body, snapshot FROM cases
WHERE
    marketplace_id = %(marketplace_id)s AND closed_at IS NULL
    AND arbitration IN ('evidence', 'reviewing')
ORDER BY id
