CREATE TABLE couples (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    status TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    primary_counselor_id TEXT NOT NULL,
    opened_on DATE NOT NULL,
    closed_on DATE,
    separated_on DATE,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, primary_counselor_id) REFERENCES staff (practice_id, id)
);
SELECT wall('couples');

CREATE INDEX couples_by_age ON couples (practice_id, created_at, id);

CREATE TABLE care_team (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (practice_id, couple_id, staff_id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, staff_id) REFERENCES staff (practice_id, id)
);
SELECT wall('care_team');

CREATE INDEX care_team_of_staff ON care_team (practice_id, staff_id, couple_id);

CREATE TABLE partners (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    from_on DATE NOT NULL,
    until_on DATE,
    position INTEGER NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, client_id) REFERENCES clients (practice_id, id)
);
SELECT wall('partners');

CREATE INDEX partners_of_couple ON partners (practice_id, couple_id, position);
CREATE INDEX partners_of_client ON partners (practice_id, client_id, couple_id);
