SELECT 1 FROM evidence_blob WHERE digest = %(digest)s LIMIT 1
