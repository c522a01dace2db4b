UPDATE payment_exception SET
    resolved_at = clock_timestamp(), resolution = %(resolution)s, resolved_by = %(resolved_by)s,
    note = %(note)s
WHERE id = %(id)s
