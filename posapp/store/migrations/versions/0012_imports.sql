-- Frozen: what shops have built with it is never edited, a later file changes it.

CREATE TABLE imports (
  id INTEGER NOT NULL,
  source TEXT NOT NULL,
  digest TEXT NOT NULL,
  imported_at INTEGER NOT NULL,
  imported_by TEXT NOT NULL,
  orders INTEGER NOT NULL,
  users INTEGER NOT NULL,
  products INTEGER NOT NULL,
  undone_at INTEGER,
  undone_by TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_imports_id CHECK (id > 0),
  CONSTRAINT ck_imports_counts CHECK (orders >= 0 AND users >= 0 AND products >= 0)
) STRICT;

CREATE TABLE import_records (
  kind TEXT NOT NULL,
  record_id INTEGER NOT NULL,
  import_id INTEGER NOT NULL,
  PRIMARY KEY (kind, record_id),
  CONSTRAINT ck_import_records_kind CHECK (kind IN ('order', 'product', 'user')),
  FOREIGN KEY(import_id) REFERENCES imports (id)
) STRICT;

CREATE INDEX ix_import_records_import ON import_records (import_id, kind, record_id);

CREATE TABLE import_changes (
  import_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  record_id INTEGER NOT NULL,
  old_fields TEXT NOT NULL,
  new_fields TEXT NOT NULL,
  PRIMARY KEY (import_id, kind, record_id),
  CONSTRAINT ck_import_changes_kind CHECK (kind IN ('order', 'product', 'user')),
  FOREIGN KEY(import_id) REFERENCES imports (id)
) STRICT;

CREATE INDEX ix_import_changes_record ON import_changes (kind, record_id);

CREATE TABLE import_mappings (
  titles TEXT NOT NULL,
  mapping TEXT NOT NULL,
  kept_at INTEGER NOT NULL,
  PRIMARY KEY (titles)
) STRICT;

INSERT INTO id_sequences VALUES ('imports', 0);

CREATE TRIGGER imports_kept BEFORE DELETE ON imports
BEGIN SELECT RAISE(ABORT, 'imports are kept'); END;

CREATE TRIGGER imports_fixed BEFORE UPDATE OF id, source, digest, imported_at, imported_by, orders, users, products ON imports
BEGIN SELECT RAISE(ABORT, 'what was imported never changes'); END;

CREATE TRIGGER imports_once BEFORE UPDATE OF undone_at, undone_by ON imports
WHEN OLD.undone_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an import is undone once'); END;
