-- The last day a participant has answered for, so that it is known since when what comes round again was left undone. Rows written before
-- have none until they are changed.
ALTER TABLE standings ADD COLUMN answered_on DATE;
