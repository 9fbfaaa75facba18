CREATE TABLE tags (
    note_id uuid NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    tag text NOT NULL,
    PRIMARY KEY (note_id, tag)
);
CREATE INDEX tags_note_id_idx ON tags (note_id);
ALTER TABLE tags ENABLE ROW LEVEL SECURITY;
