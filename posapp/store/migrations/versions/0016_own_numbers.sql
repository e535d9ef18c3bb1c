-- Frozen: what shops have built with it is never edited, a later file changes it.

-- The range is from 5,000,001 on, of items from 5,000,000,001 on. Below it a sequence goes there by itself.
DROP TRIGGER id_sequences_grow;

UPDATE id_sequences SET last = 0 WHERE name IN ('orders', 'order_items', 'products') AND last >= 5000000;

CREATE TRIGGER id_sequences_grow BEFORE UPDATE ON id_sequences
WHEN NEW.name <> OLD.name OR NEW.last < OLD.last
BEGIN SELECT RAISE(ABORT, 'an id is given once'); END;
