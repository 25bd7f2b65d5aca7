-- By this it is found out whether a partner has submitted what an entry of the other waits for, without opening either.
CREATE INDEX entries_revealing ON entries (practice_id, assignment_id, occurrence_on, author, kind, visibility)
    WHERE submitted_at IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('entries', 'entries_revealing', '250000 250000 25 4 2 1 1');
ANALYZE sqlite_schema;
