CREATE INDEX entries_of_couple_by_kind ON entries (practice_id, couple_id, kind, recorded_on, id);
