-- Held until the transaction ends: nobody removes what a case is about to refer to.
SELECT 1 FROM evidence_blob
WHERE shop_id = %(shop_id)s AND digest = %(digest)s
FOR SHARE
