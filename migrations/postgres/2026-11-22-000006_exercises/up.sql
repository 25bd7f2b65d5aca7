CREATE TABLE assignments (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    exercise TEXT NOT NULL,
    breach_id TEXT,
    assigned_by_id TEXT NOT NULL,
    assigned_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    sealed BYTEA NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, breach_id) REFERENCES breaches (practice_id, id),
    FOREIGN KEY (practice_id, assigned_by_id) REFERENCES staff (practice_id, id)
);
SELECT wall('assignments');

CREATE INDEX assignments_of_couple ON assignments (practice_id, couple_id, assigned_at, id);

CREATE TABLE standings (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    assignment_id TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    status TEXT NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (practice_id, assignment_id, partner_id),
    FOREIGN KEY (practice_id, assignment_id) REFERENCES assignments (practice_id, id),
    FOREIGN KEY (practice_id, partner_id) REFERENCES partners (practice_id, id)
);
SELECT wall('standings');

CREATE TABLE entries (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    assignment_id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    occurrence_on DATE NOT NULL,
    recorded_on DATE NOT NULL,
    visibility TEXT NOT NULL,
    embargoed_until DATE,
    submitted_at TIMESTAMP,
    reviewed_at TIMESTAMP,
    number INTEGER NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, assignment_id) REFERENCES assignments (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id)
);
SELECT wall('entries');

CREATE INDEX entries_of_couple ON entries (practice_id, couple_id, created_at, id);
CREATE INDEX entries_of_couple_by_day ON entries (practice_id, couple_id, recorded_on);
CREATE INDEX entries_of_assignment ON entries (practice_id, assignment_id, created_at, id);
CREATE INDEX entries_to_review ON entries (practice_id, submitted_at, id)
    WHERE submitted_at IS NOT NULL AND reviewed_at IS NULL;

CREATE TABLE entry_versions (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    entry_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    replaced_at TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, entry_id, number),
    FOREIGN KEY (practice_id, entry_id) REFERENCES entries (practice_id, id)
);
SELECT wall('entry_versions');

CREATE TRIGGER entry_versions_stay BEFORE UPDATE OR DELETE ON entry_versions
FOR EACH ROW EXECUTE FUNCTION refuse('earlier versions of an entry stay as they are');

CREATE TRIGGER entry_versions_remain BEFORE TRUNCATE ON entry_versions
FOR EACH STATEMENT EXECUTE FUNCTION refuse('earlier versions of an entry stay as they are');

CREATE TRIGGER submitted_entries_remain BEFORE DELETE ON entries
FOR EACH ROW WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION refuse('submitted entries stay');

CREATE FUNCTION keep_submitted_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.submitted_at IS DISTINCT FROM OLD.submitted_at OR NEW.number NOT IN (OLD.number, OLD.number + 1)
        OR (NEW.number = OLD.number + 1 AND NOT EXISTS (
            SELECT 1 FROM entry_versions
            WHERE practice_id = OLD.practice_id AND entry_id = OLD.id AND number = OLD.number
        )) THEN
        RAISE EXCEPTION 'a submitted entry is corrected by a new version';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submitted_entries_keep_their_number BEFORE UPDATE ON entries
FOR EACH ROW WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION keep_submitted_entry();

CREATE TABLE reviews (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    by_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    flagged_for_session BOOLEAN NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, entry_id) REFERENCES entries (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, by_id) REFERENCES staff (practice_id, id)
);
SELECT wall('reviews');

CREATE INDEX reviews_of_entry ON reviews (practice_id, entry_id, at, id);
