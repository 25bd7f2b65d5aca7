DROP INDEX entries_revealing;
