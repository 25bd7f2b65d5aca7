CREATE TABLE programs (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    archived_at TIMESTAMP,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id)
) WITHOUT ROWID;

CREATE INDEX programs_by_age ON programs (practice_id, created_at, id);

-- A run without a program is one of the program that comes with Tenfold.
CREATE TABLE program_runs (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    program_id TEXT,
    status TEXT NOT NULL,
    started_by_id TEXT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    sealed BLOB NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, program_id) REFERENCES programs (practice_id, id),
    FOREIGN KEY (practice_id, started_by_id) REFERENCES staff (practice_id, id)
) WITHOUT ROWID;

CREATE INDEX program_runs_of_couple ON program_runs (practice_id, couple_id, started_at, id);

CREATE TABLE program_run_assignments (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    assignment_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    PRIMARY KEY (practice_id, assignment_id),
    FOREIGN KEY (practice_id, assignment_id) REFERENCES assignments (practice_id, id),
    FOREIGN KEY (practice_id, run_id) REFERENCES program_runs (practice_id, id)
) WITHOUT ROWID;
