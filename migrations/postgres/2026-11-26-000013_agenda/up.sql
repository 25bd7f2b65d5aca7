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
);
SELECT wall('flags');

-- The wall would hide every practice's reviews from this.
ALTER TABLE reviews NO FORCE ROW LEVEL SECURITY;
ALTER TABLE flags NO FORCE ROW LEVEL SECURITY;
INSERT INTO flags (practice_id, review_id, entry_id, couple_id, flagged_by_id, flagged_at)
SELECT practice_id, id, entry_id, couple_id, by_id, at FROM reviews WHERE flagged_for_session;
ALTER TABLE flags FORCE ROW LEVEL SECURITY;
ALTER TABLE reviews FORCE ROW LEVEL SECURITY;

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
