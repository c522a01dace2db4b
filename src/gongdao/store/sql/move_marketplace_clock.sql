UPDATE marketplace SET clock_offset_seconds = %(clock_offset_seconds)s
WHERE id = %(marketplace_id)s AND sandbox
