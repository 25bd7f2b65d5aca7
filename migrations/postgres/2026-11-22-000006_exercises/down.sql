DROP TABLE reviews;
DROP TABLE entry_versions;
DROP TABLE entries;
DROP FUNCTION keep_submitted_entry();
DROP TABLE standings;
DROP TABLE assignments;
