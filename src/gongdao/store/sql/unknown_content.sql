-- Of these digests, those that no row names as content or as a copy.
SELECT d.digest
FROM unnest(%(digests)s::text[]) AS d (digest)
WHERE
    NOT EXISTS (SELECT 1 FROM evidence_blob AS b WHERE d.digest = b.digest)
    AND NOT EXISTS (SELECT 1 FROM evidence_blob AS b WHERE d.digest = b.clean_digest)
