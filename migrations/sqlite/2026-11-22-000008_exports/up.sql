CREATE TABLE exports (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    requested_by_id TEXT NOT NULL,
    status TEXT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    expires_at TIMESTAMP,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, requested_by_id) REFERENCES staff (practice_id, id)
) WITHOUT ROWID;

CREATE INDEX exports_by_age ON exports (practice_id, created_at, id);

CREATE TABLE export_files (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    export_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (practice_id, export_id),
    FOREIGN KEY (practice_id, export_id) REFERENCES exports (practice_id, id)
);

-- Work to do later. It holds ids and times alone, because workers look for it across all practices.
CREATE TABLE jobs (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL,
    claimed_until TIMESTAMP,
    finished_at TIMESTAMP,
    PRIMARY KEY (practice_id, id)
) WITHOUT ROWID;

CREATE INDEX jobs_to_do ON jobs (due_at, id) WHERE finished_at IS NULL;
