//! What a database looks like from inside, in words that are the same for both: for the tests that compare the two.

use diesel::{QueryableByName, RunQueryDsl, sql_types::Text};

use crate::{
    StoreError,
    conn::{Conn, Use, connect, each_backend},
};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const SQLITE: [&str; 3] = [
    "SELECT t.name || '.' || c.name || ' ' || lower(c.type) || CASE WHEN c.\"notnull\" THEN ' not null' ELSE '' END \
     || CASE WHEN c.pk > 0 THEN ' key ' || c.pk ELSE '' END AS line \
     FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\'",
    "SELECT t.name || ' (' || (SELECT group_concat(g.\"from\", ', ' ORDER BY g.seq) FROM pragma_foreign_key_list(t.name) g WHERE g.id = f.id) \
     || ') references ' || f.\"table\" || ' (' \
     || (SELECT group_concat(g.\"to\", ', ' ORDER BY g.seq) FROM pragma_foreign_key_list(t.name) g WHERE g.id = f.id) || ')' AS line \
     FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND f.seq = 0",
    "SELECT 'index ' || i.name || ' on ' || t.name || ' (' \
     || (SELECT group_concat(c.name, ', ' ORDER BY c.seqno) FROM pragma_index_info(i.name) c) || ')' \
     || CASE WHEN i.\"unique\" THEN ' unique' ELSE '' END || CASE WHEN i.partial THEN ' partial' ELSE '' END AS line \
     FROM sqlite_schema t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin = 'c'",
];

const POSTGRES: [&str; 3] = [
    "SELECT t.relname || '.' || c.attname || ' ' || CASE format_type(c.atttypid, c.atttypmod) WHEN 'bytea' THEN 'blob' \
     WHEN 'timestamp without time zone' THEN 'timestamp' ELSE format_type(c.atttypid, c.atttypmod) END \
     || CASE WHEN c.attnotnull THEN ' not null' ELSE '' END \
     || coalesce(' key ' || (array_position(k.indkey::int2[], c.attnum) + 1), '') AS line \
     FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped \
     LEFT JOIN pg_index k ON k.indrelid = t.oid AND k.indisprimary \
     WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND t.relname NOT LIKE '\\_\\_%'",
    "SELECT k.conrelid::regclass || ' (' || (SELECT string_agg(c.attname, ', ' ORDER BY o.place) \
     FROM unnest(k.conkey) WITH ORDINALITY o (number, place) \
     JOIN pg_attribute c ON c.attrelid = k.conrelid AND c.attnum = o.number) || ') references ' || k.confrelid::regclass || ' (' \
     || (SELECT string_agg(c.attname, ', ' ORDER BY o.place) FROM unnest(k.confkey) WITH ORDINALITY o (number, place) \
     JOIN pg_attribute c ON c.attrelid = k.confrelid AND c.attnum = o.number) || ')' AS line \
     FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace",
    "SELECT 'index ' || i.relname || ' on ' || k.indrelid::regclass || ' (' \
     || (SELECT string_agg(c.attname, ', ' ORDER BY o.place) FROM unnest(k.indkey::int2[]) WITH ORDINALITY o (number, place) \
     JOIN pg_attribute c ON c.attrelid = k.indrelid AND c.attnum = o.number) || ')' \
     || CASE WHEN k.indisunique THEN ' unique' ELSE '' END || CASE WHEN k.indpred IS NOT NULL THEN ' partial' ELSE '' END AS line \
     FROM pg_index k JOIN pg_class i ON i.oid = k.indexrelid \
     WHERE i.relnamespace = current_schema()::regnamespace AND NOT EXISTS \
     (SELECT 1 FROM pg_constraint c WHERE c.conindid = k.indexrelid AND c.contype IN ('p', 'u'))",
];

/// Every column with its type, whether it may be absent and its place in the primary key, every foreign key and every index, sorted.
///
/// # Errors
/// If the database can't be reached.
pub fn describe(url: &str) -> Result<Vec<String>, StoreError> {
    let mut conn = connect(url, Use::Write)?;
    let questions = if matches!(conn, Conn::Postgres(_)) { POSTGRES } else { SQLITE };
    let mut lines = Vec::new();
    for question in questions {
        let found: Vec<Line> = each_backend!(&mut conn, |inner| diesel::sql_query(question).load(inner)?);
        lines.extend(found.into_iter().map(|found| found.line));
    }
    lines.sort();
    Ok(lines)
}
