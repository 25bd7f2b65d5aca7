DROP TABLE own_assignments;
DROP TABLE own_exercise_versions;
DROP TABLE own_exercises;
