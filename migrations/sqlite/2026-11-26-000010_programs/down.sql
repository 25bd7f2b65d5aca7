DROP TABLE program_run_assignments;
DROP TABLE program_runs;
DROP TABLE programs;
