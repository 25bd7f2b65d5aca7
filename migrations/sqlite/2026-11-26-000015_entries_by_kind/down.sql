DROP INDEX entries_of_couple_by_kind;
