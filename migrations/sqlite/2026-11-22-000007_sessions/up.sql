CREATE TABLE sessions (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    partner_id TEXT,
    counselor_id TEXT NOT NULL,
    starts_at TIMESTAMP NOT NULL,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, partner_id) REFERENCES partners (practice_id, id),
    FOREIGN KEY (practice_id, counselor_id) REFERENCES staff (practice_id, id)
) WITHOUT ROWID;

CREATE INDEX sessions_of_couple ON sessions (practice_id, couple_id, starts_at, id);
CREATE INDEX sessions_by_start ON sessions (practice_id, starts_at, id);

CREATE TABLE notes (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    author_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    discarded_at TIMESTAMP,
    signed_at TIMESTAMP,
    signed_by_id TEXT,
    signature BLOB,
    cosigned_at TIMESTAMP,
    cosigned_by_id TEXT,
    cosignature BLOB,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, session_id) REFERENCES sessions (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, author_id) REFERENCES staff (practice_id, id),
    FOREIGN KEY (practice_id, signed_by_id) REFERENCES staff (practice_id, id),
    FOREIGN KEY (practice_id, cosigned_by_id) REFERENCES staff (practice_id, id)
) WITHOUT ROWID;

CREATE INDEX notes_of_session ON notes (practice_id, session_id, id);
CREATE INDEX notes_of_couple ON notes (practice_id, couple_id, id);

-- Every text a note ever had, each with the hash of all of them so far.
CREATE TABLE note_versions (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    note_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    id TEXT NOT NULL,
    by_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    sealed BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (practice_id, note_id, number),
    FOREIGN KEY (practice_id, note_id) REFERENCES notes (practice_id, id),
    FOREIGN KEY (practice_id, by_id) REFERENCES staff (practice_id, id)
) WITHOUT ROWID;

CREATE TABLE note_addenda (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    note_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    id TEXT NOT NULL,
    by_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    sealed BLOB NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (practice_id, note_id, number),
    UNIQUE (practice_id, id),
    FOREIGN KEY (practice_id, note_id) REFERENCES notes (practice_id, id),
    FOREIGN KEY (practice_id, by_id) REFERENCES staff (practice_id, id)
) WITHOUT ROWID;

-- What was signed is never changed, whichever way one comes; only a co-signature is added, once.
CREATE TRIGGER signed_notes_keep BEFORE UPDATE ON notes
WHEN OLD.signed_at IS NOT NULL AND (
    NEW.practice_id IS NOT OLD.practice_id
    OR NEW.id IS NOT OLD.id
    OR NEW.session_id IS NOT OLD.session_id
    OR NEW.couple_id IS NOT OLD.couple_id
    OR NEW.author_id IS NOT OLD.author_id
    OR NEW.sealed IS NOT OLD.sealed
    OR NEW.created_at IS NOT OLD.created_at
    OR NEW.changed_at IS NOT OLD.changed_at
    OR NEW.discarded_at IS NOT OLD.discarded_at
    OR NEW.signed_at IS NOT OLD.signed_at
    OR NEW.signed_by_id IS NOT OLD.signed_by_id
    OR NEW.signature IS NOT OLD.signature
    OR NEW.version < OLD.version
    OR (OLD.cosigned_at IS NOT NULL AND (NEW.cosigned_at IS NOT OLD.cosigned_at OR NEW.cosigned_by_id IS NOT OLD.cosigned_by_id OR NEW.cosignature IS NOT OLD.cosignature))
)
BEGIN SELECT RAISE(ABORT, 'a signed note is locked'); END;

CREATE TRIGGER notes_remain BEFORE DELETE ON notes
BEGIN SELECT RAISE(ABORT, 'notes stay'); END;

-- A note that took the id of another would replace it.
CREATE TRIGGER notes_keep_their_id BEFORE UPDATE ON notes
WHEN NEW.practice_id IS NOT OLD.practice_id OR NEW.id IS NOT OLD.id
BEGIN SELECT RAISE(ABORT, 'notes stay'); END;

-- REPLACE removes a row without asking the triggers above.
CREATE TRIGGER notes_are_not_replaced BEFORE INSERT ON notes
WHEN EXISTS (SELECT 1 FROM notes WHERE practice_id = NEW.practice_id AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'notes stay'); END;

CREATE TRIGGER note_versions_stay BEFORE UPDATE ON note_versions
BEGIN SELECT RAISE(ABORT, 'earlier versions of a note stay as they are'); END;

CREATE TRIGGER note_versions_remain BEFORE DELETE ON note_versions
BEGIN SELECT RAISE(ABORT, 'earlier versions of a note stay as they are'); END;

CREATE TRIGGER note_versions_are_not_replaced BEFORE INSERT ON note_versions
WHEN EXISTS (SELECT 1 FROM note_versions WHERE practice_id = NEW.practice_id AND note_id = NEW.note_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'earlier versions of a note stay as they are'); END;

CREATE TRIGGER note_addenda_stay BEFORE UPDATE ON note_addenda
BEGIN SELECT RAISE(ABORT, 'addenda stay as they are'); END;

CREATE TRIGGER note_addenda_remain BEFORE DELETE ON note_addenda
BEGIN SELECT RAISE(ABORT, 'addenda stay as they are'); END;

CREATE TRIGGER note_addenda_are_not_replaced BEFORE INSERT ON note_addenda
WHEN EXISTS (SELECT 1 FROM note_addenda WHERE practice_id = NEW.practice_id AND ((note_id = NEW.note_id AND number = NEW.number) OR id = NEW.id))
BEGIN SELECT RAISE(ABORT, 'addenda stay as they are'); END;

-- A counselor's own analysis (45 CFR 164.501): a table of its own, asked for by its author alone.
CREATE TABLE psychotherapy_notes (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    author_id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    session_id TEXT,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, author_id) REFERENCES staff (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, session_id) REFERENCES sessions (practice_id, id)
) WITHOUT ROWID;

CREATE INDEX psychotherapy_notes_of_author ON psychotherapy_notes (practice_id, author_id, created_at, id);
