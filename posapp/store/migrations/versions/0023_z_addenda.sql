-- Frozen: what shops have built with it is never edited, a later file changes it.

CREATE TABLE z_addenda (
  number INTEGER NOT NULL,
  z_no INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  hash TEXT NOT NULL,
  previous TEXT NOT NULL,
  PRIMARY KEY (number),
  CONSTRAINT ck_z_addenda_number CHECK (number > 0),
  CONSTRAINT ck_z_addenda_hash CHECK (length(hash) = 64 AND length(previous) = 64),
  UNIQUE (z_no),
  FOREIGN KEY(z_no) REFERENCES z_reports (z_no)
)
 STRICT;

CREATE TABLE count_drafts (
  shift_id INTEGER NOT NULL,
  counts TEXT NOT NULL,
  counted_at INTEGER NOT NULL,
  PRIMARY KEY (shift_id),
  FOREIGN KEY(shift_id) REFERENCES shifts (id)
)
 STRICT;

CREATE TRIGGER z_addenda_grow BEFORE INSERT ON z_addenda
WHEN NEW.number <> (SELECT count(*) + 1 FROM z_addenda)
  OR NEW.previous <> coalesce((SELECT hash FROM z_addenda ORDER BY number DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN SELECT RAISE(ABORT, 'addenda have no gap'); END;

CREATE TRIGGER z_addenda_fixed BEFORE UPDATE ON z_addenda
BEGIN SELECT RAISE(ABORT, 'an addendum never changes'); END;

CREATE TRIGGER z_addenda_kept BEFORE DELETE ON z_addenda
BEGIN SELECT RAISE(ABORT, 'addenda are kept'); END;
