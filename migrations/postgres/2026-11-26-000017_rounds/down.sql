ALTER TABLE standings DROP COLUMN answered_on;
