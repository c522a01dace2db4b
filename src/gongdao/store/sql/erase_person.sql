UPDATE personal_key SET key = NULL, erased_at = clock_timestamp()
WHERE marketplace_id = %(marketplace_id)s AND subject = %(subject)s AND key IS NOT NULL
