CREATE TABLE staff (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    role TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    supervisor_id TEXT,
    ended_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, supervisor_id) REFERENCES staff (practice_id, id)
);
SELECT wall('staff');

CREATE INDEX staff_by_age ON staff (practice_id, created_at, id);
CREATE INDEX staff_of_supervisor ON staff (practice_id, supervisor_id);

CREATE TABLE clients (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id)
);
SELECT wall('clients');

CREATE INDEX clients_by_age ON clients (practice_id, created_at, id);
