-- Copied out of what is sealed, so that the database can count: what became of a session, how an assignment ended. Rows written
-- before have none until they are changed.
ALTER TABLE sessions ADD COLUMN status TEXT;
ALTER TABLE assignments ADD COLUMN ended_how TEXT;

-- What a review wants taken up in a session, until it was.
CREATE TABLE flags (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    review_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    flagged_by_id TEXT NOT NULL,
    flagged_at TIMESTAMP NOT NULL,
    taken_up_at TIMESTAMP,
    taken_up_by_id TEXT,
    session_id TEXT,
    PRIMARY KEY (practice_id, review_id),
    FOREIGN KEY (practice_id, review_id) REFERENCES reviews (practice_id, id),
    FOREIGN KEY (practice_id, entry_id) REFERENCES entries (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, flagged_by_id) REFERENCES staff (practice_id, id),
    FOREIGN KEY (practice_id, taken_up_by_id) REFERENCES staff (practice_id, id),
    FOREIGN KEY (practice_id, session_id) REFERENCES sessions (practice_id, id)
) WITHOUT ROWID;

INSERT INTO flags (practice_id, review_id, entry_id, couple_id, flagged_by_id, flagged_at)
SELECT practice_id, id, entry_id, couple_id, by_id, at FROM reviews WHERE flagged_for_session;

CREATE INDEX flags_open ON flags (practice_id, flagged_at, review_id) WHERE taken_up_at IS NULL;
CREATE INDEX flags_open_of_couple ON flags (practice_id, couple_id, flagged_at, review_id) WHERE taken_up_at IS NULL;

CREATE INDEX assignments_by_day ON assignments (practice_id, assigned_at);
CREATE INDEX assignments_by_ending ON assignments (practice_id, ended_how, ended_at);
CREATE INDEX entries_of_couple_by_kind ON entries (practice_id, couple_id, kind, recorded_on, id);
CREATE INDEX entries_of_couple_by_submission ON entries (practice_id, couple_id, submitted_at, author);
CREATE INDEX entries_to_review_of_couple ON entries (practice_id, couple_id, submitted_at, id)
    WHERE submitted_at IS NOT NULL AND reviewed_at IS NULL;
CREATE INDEX promise_outcomes_by_answer ON promise_outcomes (practice_id, couple_id, confirmation, confirmed_at);
CREATE INDEX notes_unsigned ON notes (practice_id, created_at) WHERE signed_at IS NULL AND discarded_at IS NULL;

-- SQLite has no statistics of its own accord, and then takes a practice for a handful of rows: it reads all entries of the practice
-- where an index would lead to those of one couple. So it is told what a practice of four hundred couples looks like.
ANALYZE practices;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('couples', 'couples_by_age', '400 400 1 1'),
    ('couples', 'couples', '400 400 1'),
    ('care_team', 'care_team_of_staff', '500 500 100 1'),
    ('care_team', 'care_team', '500 500 1 1'),
    ('partners', 'partners_of_client', '850 850 2 1'),
    ('partners', 'partners_of_couple', '850 850 2 2'),
    ('partners', 'partners', '850 850 1'),
    ('policies', 'sqlite_autoindex_policies_2', '500 500 1 1'),
    ('policies', 'policies', '500 500 1'),
    ('acknowledgements', 'acknowledgements', '900 900 1 1'),
    ('safety', 'safety', '850 850 2 1'),
    ('assignments', 'assignments_of_couple', '10000 10000 25 1 1'),
    ('assignments', 'assignments_by_day', '10000 10000 1'),
    ('assignments', 'assignments_by_ending', '10000 10000 5000 1'),
    ('assignments', 'assignments', '10000 10000 1'),
    ('standings', 'standings', '20000 20000 2 1'),
    ('entries', 'entries_to_review_of_couple', '25000 25000 62 1 1'),
    ('entries', 'entries_of_couple_by_submission', '250000 250000 625 1 1'),
    ('entries', 'entries_of_couple_by_kind', '250000 250000 625 78 1 1'),
    ('entries', 'entries_to_review', '25000 25000 1 1'),
    ('entries', 'entries_of_assignment', '250000 250000 25 1 1'),
    ('entries', 'entries_of_couple_by_day', '250000 250000 625 1'),
    ('entries', 'entries_of_couple', '250000 250000 625 1 1'),
    ('entries', 'entries', '250000 250000 1'),
    ('reviews', 'reviews_of_entry', '200000 200000 1 1 1'),
    ('reviews', 'reviews', '200000 200000 1'),
    ('flags', 'flags_open_of_couple', '1000 1000 2 1 1'),
    ('flags', 'flags_open', '1000 1000 1 1'),
    ('flags', 'flags', '10000 10000 1'),
    ('promises', 'promises_of_couple_by_day', '4000 4000 10 1'),
    ('promises', 'promises_of_couple', '4000 4000 10 1 1'),
    ('promises', 'promises', '4000 4000 1'),
    ('promise_outcomes', 'promise_outcomes_by_answer', '50000 50000 125 41 1'),
    ('promise_outcomes', 'promise_outcomes_of_couple', '50000 50000 125 1'),
    ('promise_outcomes', 'promise_outcomes', '50000 50000 12 1'),
    ('sessions', 'sessions_by_start', '20000 20000 1 1'),
    ('sessions', 'sessions_of_couple', '20000 20000 50 1 1'),
    ('sessions', 'sessions', '20000 20000 1'),
    ('notes', 'notes_unsigned', '2000 2000 1'),
    ('notes', 'notes_of_couple', '20000 20000 50 1'),
    ('notes', 'notes_of_session', '20000 20000 1 1'),
    ('notes', 'notes', '20000 20000 1'),
    ('audit_events', 'audit_events_of_couple', '1000000 1000000 2500 1'),
    ('audit_events', 'audit_events', '1000000 1000000 1'),
    ('breaches', 'breaches_of_couple', '800 800 2 1 1'),
    ('breaches', 'breaches', '800 800 1'),
    ('entry_versions', 'entry_versions', '20000 20000 1 1'),
    ('note_versions', 'note_versions', '60000 60000 3 1'),
    ('note_addenda', 'sqlite_autoindex_note_addenda_2', '2000 2000 1'),
    ('note_addenda', 'note_addenda', '2000 2000 1 1');
ANALYZE sqlite_schema;
