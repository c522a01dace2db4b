"""Rows: Django models, SQL, migrations, the embedded PostgreSQL, evidence blobs, the outbox."""
