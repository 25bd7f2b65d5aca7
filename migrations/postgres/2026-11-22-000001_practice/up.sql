-- Row-level security, the second wall around a practice: a transaction that has not named its practice sees nothing,
-- the table's owner included.
CREATE FUNCTION wall(walled regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', walled);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', walled);
    EXECUTE format(
        'CREATE POLICY of_one_practice ON %s USING (practice_id = current_setting(''tenfold.practice'', true))', walled);
END $$;

-- What is never changed or removed once it is written, whichever way one comes.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;

CREATE TABLE practices (
    id TEXT NOT NULL PRIMARY KEY,
    handle TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
);
ALTER TABLE practices ENABLE ROW LEVEL SECURITY;
ALTER TABLE practices FORCE ROW LEVEL SECURITY;
-- Who the practices are is asked before anyone has signed in, and by the command line.
CREATE POLICY of_one_practice ON practices USING (
    id = current_setting('tenfold.practice', true) OR current_setting('tenfold.directory', true) = 'on'
);

CREATE TABLE practice_keys (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    number INTEGER NOT NULL,
    master_key TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    made_at TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, number)
);
SELECT wall('practice_keys');

CREATE TABLE audit_heads (
    practice_id TEXT NOT NULL PRIMARY KEY REFERENCES practices (id),
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
SELECT wall('audit_heads');

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
    reason BYTEA,
    hash BYTEA NOT NULL,
    PRIMARY KEY (practice_id, number)
);
SELECT wall('audit_events');

CREATE INDEX audit_events_of_couple ON audit_events (practice_id, couple_id, number);

CREATE TRIGGER audit_events_stay BEFORE UPDATE OR DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION refuse('the audit trail is append-only');
CREATE TRIGGER audit_events_remain BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse('the audit trail is append-only');

CREATE TABLE idempotency_keys (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    scope TEXT NOT NULL,
    id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, scope)
);
SELECT wall('idempotency_keys');

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (practice_id, created_at);
