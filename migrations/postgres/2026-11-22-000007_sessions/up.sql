CREATE TABLE sessions (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    partner_id TEXT,
    counselor_id TEXT NOT NULL,
    starts_at TIMESTAMP NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, partner_id) REFERENCES partners (practice_id, id),
    FOREIGN KEY (practice_id, counselor_id) REFERENCES staff (practice_id, id)
);
SELECT wall('sessions');

CREATE INDEX sessions_of_couple ON sessions (practice_id, couple_id, starts_at, id);
CREATE INDEX sessions_by_start ON sessions (practice_id, starts_at, id);

CREATE TABLE notes (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    author_id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    discarded_at TIMESTAMP,
    signed_at TIMESTAMP,
    signed_by_id TEXT,
    signature BYTEA,
    cosigned_at TIMESTAMP,
    cosigned_by_id TEXT,
    cosignature BYTEA,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, session_id) REFERENCES sessions (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, author_id) REFERENCES staff (practice_id, id),
    FOREIGN KEY (practice_id, signed_by_id) REFERENCES staff (practice_id, id),
    FOREIGN KEY (practice_id, cosigned_by_id) REFERENCES staff (practice_id, id)
);
SELECT wall('notes');

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
    sealed BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (practice_id, note_id, number),
    FOREIGN KEY (practice_id, note_id) REFERENCES notes (practice_id, id),
    FOREIGN KEY (practice_id, by_id) REFERENCES staff (practice_id, id)
);
SELECT wall('note_versions');

CREATE TABLE note_addenda (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    note_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    id TEXT NOT NULL,
    by_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    sealed BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    PRIMARY KEY (practice_id, note_id, number),
    UNIQUE (practice_id, id),
    FOREIGN KEY (practice_id, note_id) REFERENCES notes (practice_id, id),
    FOREIGN KEY (practice_id, by_id) REFERENCES staff (practice_id, id)
);
SELECT wall('note_addenda');

-- What was signed is never changed, whichever way one comes; only a co-signature is added, once.
CREATE TRIGGER signed_notes_keep BEFORE UPDATE ON notes
FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL AND (
    NEW.practice_id IS DISTINCT FROM OLD.practice_id
    OR NEW.id IS DISTINCT FROM OLD.id
    OR NEW.session_id IS DISTINCT FROM OLD.session_id
    OR NEW.couple_id IS DISTINCT FROM OLD.couple_id
    OR NEW.author_id IS DISTINCT FROM OLD.author_id
    OR NEW.sealed IS DISTINCT FROM OLD.sealed
    OR NEW.created_at IS DISTINCT FROM OLD.created_at
    OR NEW.changed_at IS DISTINCT FROM OLD.changed_at
    OR NEW.discarded_at IS DISTINCT FROM OLD.discarded_at
    OR NEW.signed_at IS DISTINCT FROM OLD.signed_at
    OR NEW.signed_by_id IS DISTINCT FROM OLD.signed_by_id
    OR NEW.signature IS DISTINCT FROM OLD.signature
    OR NEW.version < OLD.version
    OR (OLD.cosigned_at IS NOT NULL AND (NEW.cosigned_at IS DISTINCT FROM OLD.cosigned_at OR NEW.cosigned_by_id IS DISTINCT FROM OLD.cosigned_by_id OR NEW.cosignature IS DISTINCT FROM OLD.cosignature))
)) EXECUTE FUNCTION refuse('a signed note is locked');

CREATE TRIGGER notes_remain BEFORE DELETE ON notes
FOR EACH ROW EXECUTE FUNCTION refuse('notes stay');
CREATE TRIGGER notes_are_not_emptied BEFORE TRUNCATE ON notes
FOR EACH STATEMENT EXECUTE FUNCTION refuse('notes stay');

CREATE TRIGGER note_versions_stay BEFORE UPDATE OR DELETE ON note_versions
FOR EACH ROW EXECUTE FUNCTION refuse('earlier versions of a note stay as they are');
CREATE TRIGGER note_versions_are_not_emptied BEFORE TRUNCATE ON note_versions
FOR EACH STATEMENT EXECUTE FUNCTION refuse('earlier versions of a note stay as they are');

CREATE TRIGGER note_addenda_stay BEFORE UPDATE OR DELETE ON note_addenda
FOR EACH ROW EXECUTE FUNCTION refuse('addenda stay as they are');
CREATE TRIGGER note_addenda_are_not_emptied BEFORE TRUNCATE ON note_addenda
FOR EACH STATEMENT EXECUTE FUNCTION refuse('addenda stay as they are');

-- A counselor's own analysis (45 CFR 164.501): a table of its own, asked for by its author alone.
CREATE TABLE psychotherapy_notes (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    author_id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    session_id TEXT,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, author_id) REFERENCES staff (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, session_id) REFERENCES sessions (practice_id, id)
);
SELECT wall('psychotherapy_notes');

CREATE INDEX psychotherapy_notes_of_author ON psychotherapy_notes (practice_id, author_id, created_at, id);
