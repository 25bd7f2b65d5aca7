CREATE TABLE practices (
    id TEXT NOT NULL PRIMARY KEY,
    handle TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE practice_keys (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    number INTEGER NOT NULL,
    master_key TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    made_at TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, number)
) WITHOUT ROWID;

CREATE TABLE audit_heads (
    practice_id TEXT NOT NULL PRIMARY KEY REFERENCES practices (id),
    number BIGINT NOT NULL,
    hash BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit_events (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    number BIGINT NOT NULL,
    id TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    sign_in_id TEXT,
    request_id TEXT,
    action TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    couple_id TEXT,
    reason BLOB,
    hash BLOB NOT NULL,
    PRIMARY KEY (practice_id, number)
) WITHOUT ROWID;

CREATE INDEX audit_events_of_couple ON audit_events (practice_id, couple_id, number);

CREATE TRIGGER audit_events_stay BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

CREATE TRIGGER audit_events_remain BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

-- REPLACE removes a row without asking the triggers above.
CREATE TRIGGER audit_events_are_not_replaced BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE practice_id = NEW.practice_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

CREATE TABLE idempotency_keys (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    scope TEXT NOT NULL,
    id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, scope)
) WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (practice_id, created_at);
