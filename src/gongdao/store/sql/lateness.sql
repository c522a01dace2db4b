-- How late the clocks fired that fired within the last hour, by the marketplace's own time.
-- What was due before the marketplace was founded here is history played again, not lateness.
SELECT
    count(*), coalesce(avg(l.late), 0)::float8, coalesce(max(l.late), 0)::float8,
    coalesce(percentile_cont(0.99) WITHIN GROUP (ORDER BY l.late), 0)::float8
FROM (
    SELECT
        extract(
            epoch FROM e.recorded_at + m.clock_offset_seconds * interval '1 second' - e.at
        ) AS late
    FROM event AS e
    INNER JOIN shop AS s ON e.shop_id = s.id
    INNER JOIN marketplace AS m ON s.marketplace_id = m.id
    WHERE
        e.recorded_at > clock_timestamp() - interval '1 hour' AND e.actor = 'clock'
        AND e.kind = 'acted' AND e.at > m.created_at AND m.id = %(marketplace_id)s
) AS l
