DROP TABLE reviews;
DROP TABLE entry_versions;
DROP TABLE entries;
DROP TABLE standings;
DROP TABLE assignments;
