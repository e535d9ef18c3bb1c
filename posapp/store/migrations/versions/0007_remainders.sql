-- Frozen: what shops have built with it is never edited, a later file changes it.

-- The items whose money a refund of all that is left of a payment sends back.
ALTER TABLE refunds ADD COLUMN covers TEXT DEFAULT '' NOT NULL;
