CREATE TABLE staff (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    role TEXT NOT NULL,
    sealed BLOB NOT NULL,
    supervisor_id TEXT,
    ended_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, supervisor_id) REFERENCES staff (practice_id, id)
) WITHOUT ROWID;

CREATE INDEX staff_by_age ON staff (practice_id, created_at, id);
CREATE INDEX staff_of_supervisor ON staff (practice_id, supervisor_id);

CREATE TABLE clients (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id)
) WITHOUT ROWID;

CREATE INDEX clients_by_age ON clients (practice_id, created_at, id);
