-- Frozen: what shops have built with it is never edited, a later file changes it.

CREATE TABLE print_jobs (
  id INTEGER NOT NULL,
  paper TEXT NOT NULL,
  roll TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL,
  begun_at INTEGER,
  may_be_out INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_print_jobs_may_be_out CHECK (may_be_out IN (0, 1)),
  error TEXT NOT NULL,
  requested_at INTEGER,
  till INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_print_jobs_till CHECK (till >= 0),
  PRIMARY KEY (id),
  CONSTRAINT ck_print_jobs_tries CHECK (tries >= 0),
  CONSTRAINT ck_print_jobs_roll CHECK ((state IN ('DROPPED', 'SENT')) = (roll = '')),
  CONSTRAINT ck_print_jobs_state CHECK (state IN ('DROPPED', 'FAILED', 'SENT', 'WAITING'))
)
 STRICT;

CREATE INDEX ix_print_jobs_open ON print_jobs (till, id) WHERE state IN ('FAILED', 'WAITING');

INSERT INTO id_sequences VALUES ('print_jobs', 0);

CREATE TRIGGER print_jobs_fixed BEFORE UPDATE OF id, paper, created_at, till ON print_jobs
BEGIN SELECT RAISE(ABORT, 'a print job keeps its paper'); END;

CREATE TRIGGER print_jobs_ended BEFORE UPDATE ON print_jobs
WHEN OLD.state IN ('DROPPED', 'SENT')
BEGIN SELECT RAISE(ABORT, 'a print job that is over never changes'); END;

CREATE TRIGGER print_jobs_kept BEFORE DELETE ON print_jobs
BEGIN SELECT RAISE(ABORT, 'print jobs are kept'); END;
