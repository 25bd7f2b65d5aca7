CREATE TABLE promises (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    maker_id TEXT NOT NULL,
    to_id TEXT NOT NULL,
    assignment_id TEXT,
    starts_on DATE NOT NULL,
    until_on DATE,
    status TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, maker_id) REFERENCES partners (practice_id, id),
    FOREIGN KEY (practice_id, to_id) REFERENCES partners (practice_id, id),
    FOREIGN KEY (practice_id, assignment_id) REFERENCES assignments (practice_id, id)
);
SELECT wall('promises');

CREATE INDEX promises_of_couple ON promises (practice_id, couple_id, created_at, id);
CREATE INDEX promises_of_couple_by_day ON promises (practice_id, couple_id, starts_on);

CREATE TABLE promise_outcomes (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    promise_id TEXT NOT NULL,
    due_on DATE NOT NULL,
    couple_id TEXT NOT NULL,
    claim TEXT NOT NULL,
    claimed_at TIMESTAMP NOT NULL,
    claimed_by_staff_id TEXT,
    confirmation TEXT,
    confirmed_at TIMESTAMP,
    confirmed_by_staff_id TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, promise_id, due_on),
    FOREIGN KEY (practice_id, promise_id) REFERENCES promises (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, claimed_by_staff_id) REFERENCES staff (practice_id, id),
    FOREIGN KEY (practice_id, confirmed_by_staff_id) REFERENCES staff (practice_id, id)
);
SELECT wall('promise_outcomes');

CREATE INDEX promise_outcomes_of_couple ON promise_outcomes (practice_id, couple_id, due_on);
