CREATE TABLE breaches (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id)
);
SELECT wall('breaches');

CREATE INDEX breaches_of_couple ON breaches (practice_id, couple_id, created_at, id);

CREATE TABLE policies (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    in_force_from DATE NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, couple_id, number),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id)
);
SELECT wall('policies');

CREATE TABLE acknowledgements (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    policy_id TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    recorded_by_staff_id TEXT,
    PRIMARY KEY (practice_id, policy_id, partner_id),
    FOREIGN KEY (practice_id, policy_id) REFERENCES policies (practice_id, id),
    FOREIGN KEY (practice_id, partner_id) REFERENCES partners (practice_id, id),
    FOREIGN KEY (practice_id, recorded_by_staff_id) REFERENCES staff (practice_id, id)
);
SELECT wall('acknowledgements');

CREATE TABLE safety (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, couple_id, partner_id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, partner_id) REFERENCES partners (practice_id, id)
);
SELECT wall('safety');
