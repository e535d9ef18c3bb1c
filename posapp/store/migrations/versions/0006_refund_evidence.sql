-- What a refund is told by. Frozen: what shops have built with it is never edited, a later file
-- changes it.

-- Why PortOne refused it, up to which record a person has said that the cancels there are others,
-- and the refund of which it sends back the rest.
ALTER TABLE refunds ADD COLUMN refused_as TEXT DEFAULT '' NOT NULL;
ALTER TABLE refunds ADD COLUMN reviewed_to INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE refunds ADD COLUMN follows INTEGER;
