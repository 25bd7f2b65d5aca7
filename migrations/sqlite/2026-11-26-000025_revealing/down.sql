DELETE FROM sqlite_stat1 WHERE idx = 'entries_revealing';
DROP INDEX entries_revealing;
