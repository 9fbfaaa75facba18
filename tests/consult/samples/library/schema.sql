-- A lending library: definitions and the program's queries in one file.
CREATE TABLE members (
    id         serial PRIMARY KEY,
    email      text NOT NULL,
    full_name  text NOT NULL,
    password   text NOT NULL,
    joined_at  timestamp NOT NULL DEFAULT now()
);

CREATE TABLE copies (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book_id    bigint NOT NULL,
    shelf      text,
    price      real NOT NULL
);

CREATE TABLE loans (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id   integer NOT NULL REFERENCES members (id),
    copy_id     bigint NOT NULL REFERENCES copies (id) ON DELETE CASCADE,
    state       text NOT NULL DEFAULT 'lent',
    due_at      timestamptz NOT NULL
);

CREATE TABLE loan_events (
    loan_id     bigint NOT NULL REFERENCES loans (id) ON DELETE CASCADE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    what        text NOT NULL
);

CREATE TABLE subjects (
    copy_id     bigint NOT NULL REFERENCES copies (id),
    subject_id  bigint NOT NULL,
    weight      integer
);

-- what a member has to bring back next
SELECT l.id, l.due_at FROM loans l
WHERE l.member_id = $1 AND l.state = 'lent' ORDER BY l.due_at LIMIT 10;

-- signing in
SELECT id FROM members WHERE lower(email) = $1;
