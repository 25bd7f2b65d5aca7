CREATE TABLE accounts (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    staff_id TEXT,
    client_id TEXT,
    email_index TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, email_index),
    FOREIGN KEY (practice_id, staff_id) REFERENCES staff (practice_id, id),
    FOREIGN KEY (practice_id, client_id) REFERENCES clients (practice_id, id),
    CHECK (id = COALESCE(staff_id, client_id) AND (staff_id IS NULL) <> (client_id IS NULL))
) WITHOUT ROWID;

CREATE TABLE invitations (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, account_id),
    FOREIGN KEY (practice_id, account_id) REFERENCES accounts (practice_id, id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE sign_ins (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    idle_until TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, account_id) REFERENCES accounts (practice_id, id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX sign_ins_of_account ON sign_ins (practice_id, account_id, created_at, id);

CREATE TABLE refresh_tokens (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    sign_in_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    spent_at TIMESTAMP,
    successor BLOB,
    PRIMARY KEY (practice_id, sign_in_id, token_hash),
    FOREIGN KEY (practice_id, sign_in_id) REFERENCES sign_ins (practice_id, id) ON DELETE CASCADE
) WITHOUT ROWID;

-- Failures are counted for practices that do not exist too, so that throttling tells nobody which do.
CREATE TABLE throttles (
    practice_id TEXT NOT NULL,
    id TEXT NOT NULL,
    failures INTEGER NOT NULL,
    last_at TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, id)
) WITHOUT ROWID;

CREATE INDEX throttles_by_age ON throttles (practice_id, last_at);
