INSERT INTO command_receipt (shop_id, actor, key, fingerprint, case_id, first_seq, last_seq)
VALUES (
    %(shop_id)s, %(actor)s, %(key)s, %(fingerprint)s, %(case_id)s, %(first_seq)s, %(last_seq)s
)
