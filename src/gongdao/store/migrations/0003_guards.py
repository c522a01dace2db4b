"""What the database itself refuses: changed history, and money from nowhere."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO_APPEND_ONLY = """
DROP TRIGGER event_append_only ON event;
DROP TRIGGER posting_append_only ON posting;
DROP TRIGGER audit_log_append_only ON audit_log;
DROP FUNCTION refuse_change();
"""

# A statement inserts whole entries, so each entry must sum to zero within the statement.
BALANCED = """
CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT shop_id, order_id, case_id, seq, sum(amount_fen) AS fen INTO wrong
      FROM added GROUP BY shop_id, order_id, case_id, seq HAVING sum(amount_fen) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger entry %/%/% is off by % fen',
            wrong.order_id, wrong.case_id, wrong.seq, wrong.fen USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER posting_balanced AFTER INSERT ON posting REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced();
"""
UNDO_BALANCED = """
DROP TRIGGER posting_balanced ON posting;
DROP FUNCTION refuse_unbalanced();
"""

# Bodies are short and written often: keep them whole in the row, or aside and uncompressed.
STORAGE = """
ALTER TABLE event ALTER body SET STORAGE EXTERNAL;
ALTER TABLE cases ALTER snapshot SET STORAGE EXTERNAL, ALTER order_body SET STORAGE EXTERNAL;
ALTER TABLE cases ADD CONSTRAINT cases_of_known_orders
    FOREIGN KEY (shop_id, order_id) REFERENCES orders (shop_id, order_id);
"""
UNDO_STORAGE = """
ALTER TABLE cases DROP CONSTRAINT cases_of_known_orders;
"""


class Migration(migrations.Migration):
    dependencies = (("store", "0002_cases"),)

    operations = (
        migrations.RunSQL(APPEND_ONLY, UNDO_APPEND_ONLY),
        migrations.RunSQL(BALANCED, UNDO_BALANCED),
        migrations.RunSQL(STORAGE, UNDO_STORAGE),
    )
