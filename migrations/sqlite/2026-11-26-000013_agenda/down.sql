DELETE FROM sqlite_stat1;
ANALYZE sqlite_schema;

DROP INDEX notes_unsigned;
DROP INDEX promise_outcomes_by_answer;
DROP INDEX entries_to_review_of_couple;
DROP INDEX entries_of_couple_by_submission;
DROP INDEX entries_of_couple_by_kind;
DROP INDEX assignments_by_ending;
DROP INDEX assignments_by_day;
DROP TABLE flags;
ALTER TABLE assignments DROP COLUMN ended_how;
ALTER TABLE sessions DROP COLUMN status;
