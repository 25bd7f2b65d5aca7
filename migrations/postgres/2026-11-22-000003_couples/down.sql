DROP TABLE partners;
DROP TABLE care_team;
DROP TABLE couples;
