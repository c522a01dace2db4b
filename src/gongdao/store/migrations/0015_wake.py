"""Whoever waits for work is told when there is some: deadlines about to run out, messages to send."""

from django.db import migrations

# Told with the commit, once a transaction however many rows it writes. A deadline further away than
# the longest nap of a worker wakes nobody: he looks again before it is due.
WAKE = """
CREATE FUNCTION tell_of_deadlines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added AS d INNER JOIN marketplace AS m ON d.marketplace_id = m.id
        WHERE
            NOT d.paused
            AND d.claim_at < clock_timestamp()
                + m.clock_offset_seconds * interval '1 second' + interval '1 minute'
    ) THEN
        NOTIFY gongdao_work, 'deadline';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER deadline_wakes AFTER INSERT ON deadline REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_deadlines();

CREATE FUNCTION tell_of_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added) THEN
        PERFORM pg_notify('gongdao_work', TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_wakes AFTER INSERT ON outbox REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_messages();
CREATE TRIGGER webhook_delivery_wakes AFTER INSERT ON webhook_delivery
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_messages();

CREATE FUNCTION tell_of_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY gongdao_work, 'clock';
    RETURN NULL;
END $$;
CREATE TRIGGER marketplace_wakes
    AFTER UPDATE OF clock_offset_seconds, sandbox_pays ON marketplace
    FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION tell_of_clock();
"""
UNDO_WAKE = """
DROP TRIGGER marketplace_wakes ON marketplace;
DROP TRIGGER webhook_delivery_wakes ON webhook_delivery;
DROP TRIGGER outbox_wakes ON outbox;
DROP TRIGGER deadline_wakes ON deadline;
DROP FUNCTION tell_of_clock();
DROP FUNCTION tell_of_messages();
DROP FUNCTION tell_of_deadlines();
"""


class Migration(migrations.Migration):
    dependencies = (("store", "0014_return_addresses"),)

    operations = (migrations.RunSQL(WAKE, UNDO_WAKE),)
