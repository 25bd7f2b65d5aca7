-- By this it is found out whether a partner has submitted what an entry of the other waits for, without opening either.
CREATE INDEX entries_revealing ON entries (practice_id, assignment_id, occurrence_on, author, kind, visibility)
    WHERE submitted_at IS NOT NULL;
