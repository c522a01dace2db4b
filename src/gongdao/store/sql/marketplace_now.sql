SELECT clock_timestamp() + clock_offset_seconds * interval '1 second' FROM marketplace
WHERE id = %(marketplace_id)s
