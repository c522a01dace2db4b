SELECT 1 FROM evidence_blob WHERE %(digest)s IN (digest, clean_digest) LIMIT 1
