SELECT pg_advisory_xact_lock(7104021, hashtext(%(folder)s))
