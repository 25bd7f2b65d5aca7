DROP TABLE psychotherapy_notes;
DROP TABLE note_addenda;
DROP TABLE note_versions;
DROP TABLE notes;
DROP TABLE sessions;
