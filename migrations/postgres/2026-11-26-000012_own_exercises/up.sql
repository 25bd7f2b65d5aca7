CREATE TABLE own_exercises (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    latest INTEGER NOT NULL,
    archived_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id)
);
SELECT wall('own_exercises');

CREATE INDEX own_exercises_by_time ON own_exercises (practice_id, created_at, id);

CREATE TABLE own_exercise_versions (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    own_exercise_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    by_id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, own_exercise_id, number),
    FOREIGN KEY (practice_id, own_exercise_id) REFERENCES own_exercises (practice_id, id),
    FOREIGN KEY (practice_id, by_id) REFERENCES staff (practice_id, id)
);
SELECT wall('own_exercise_versions');

CREATE TRIGGER own_exercise_versions_stay BEFORE UPDATE OR DELETE ON own_exercise_versions
FOR EACH ROW EXECUTE FUNCTION refuse('versions of an exercise stay as they are');

CREATE TRIGGER own_exercise_versions_remain BEFORE TRUNCATE ON own_exercise_versions
FOR EACH STATEMENT EXECUTE FUNCTION refuse('versions of an exercise stay as they are');

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
);
SELECT wall('own_assignments');

CREATE INDEX own_assignments_of_version ON own_assignments (practice_id, own_exercise_id, number, assignment_id);
