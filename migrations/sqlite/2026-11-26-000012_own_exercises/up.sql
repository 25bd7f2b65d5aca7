CREATE TABLE own_exercises (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    latest INTEGER NOT NULL,
    archived_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id)
) WITHOUT ROWID;

CREATE INDEX own_exercises_by_time ON own_exercises (practice_id, created_at, id);

CREATE TABLE own_exercise_versions (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    own_exercise_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    by_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, own_exercise_id, number),
    FOREIGN KEY (practice_id, own_exercise_id) REFERENCES own_exercises (practice_id, id),
    FOREIGN KEY (practice_id, by_id) REFERENCES staff (practice_id, id)
) WITHOUT ROWID;

CREATE TRIGGER own_exercise_versions_stay BEFORE UPDATE ON own_exercise_versions
BEGIN SELECT RAISE(ABORT, 'versions of an exercise stay as they are'); END;

CREATE TRIGGER own_exercise_versions_remain BEFORE DELETE ON own_exercise_versions
BEGIN SELECT RAISE(ABORT, 'versions of an exercise stay as they are'); END;

CREATE TRIGGER own_exercise_versions_are_not_replaced BEFORE INSERT ON own_exercise_versions
WHEN EXISTS (
    SELECT 1 FROM own_exercise_versions
    WHERE practice_id = NEW.practice_id AND own_exercise_id = NEW.own_exercise_id AND number = NEW.number
)
BEGIN SELECT RAISE(ABORT, 'versions of an exercise stay as they are'); END;

CREATE TABLE own_assignments (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    assignment_id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    own_exercise_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (practice_id, assignment_id),
    FOREIGN KEY (practice_id, assignment_id) REFERENCES assignments (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, own_exercise_id, number)
        REFERENCES own_exercise_versions (practice_id, own_exercise_id, number)
) WITHOUT ROWID;

CREATE INDEX own_assignments_of_version ON own_assignments (practice_id, own_exercise_id, number, assignment_id);
