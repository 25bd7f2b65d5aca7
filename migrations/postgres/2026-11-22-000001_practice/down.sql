DROP TABLE idempotency_keys;
DROP TABLE audit_events;
DROP TABLE audit_heads;
DROP TABLE practice_keys;
DROP TABLE practices;
DROP FUNCTION refuse();
DROP FUNCTION wall(regclass);
