CREATE TABLE instruments (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    slug TEXT NOT NULL,
    sealed BLOB NOT NULL,
    archived_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, slug)
) WITHOUT ROWID;

CREATE TABLE scores (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    couple_id TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    instrument TEXT NOT NULL,
    shared_with_partner BOOLEAN NOT NULL,
    superseded_by_id TEXT,
    entered_by_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, couple_id) REFERENCES couples (practice_id, id),
    FOREIGN KEY (practice_id, partner_id) REFERENCES partners (practice_id, id),
    FOREIGN KEY (practice_id, superseded_by_id) REFERENCES scores (practice_id, id),
    FOREIGN KEY (practice_id, entered_by_id) REFERENCES staff (practice_id, id)
) WITHOUT ROWID;

CREATE INDEX scores_of_couple ON scores (practice_id, couple_id, created_at, id);
CREATE INDEX scores_of_couple_by_instrument ON scores (practice_id, couple_id, instrument, created_at);

CREATE TRIGGER scores_remain BEFORE DELETE ON scores
BEGIN SELECT RAISE(ABORT, 'scores stay; a correction takes the place of one'); END;
