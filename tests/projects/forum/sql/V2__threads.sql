CREATE TABLE boards (
    id       INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    slug     VARCHAR(60) NOT NULL UNIQUE,
    title    VARCHAR(120) NOT NULL,
    position SMALLINT NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE threads (
    id        INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    board_id  INT UNSIGNED NOT NULL,
    author_id INT UNSIGNED NOT NULL,
    title     VARCHAR(200) NOT NULL,
    is_locked TINYINT(1) NOT NULL DEFAULT 0,
    opened_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    KEY threads_board_opened (board_id, opened_at),
    KEY threads_board (board_id),
    CONSTRAINT threads_board_fk FOREIGN KEY (board_id) REFERENCES boards (id),
    CONSTRAINT threads_author_fk FOREIGN KEY (author_id) REFERENCES members (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE posts (
    id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    thread_id  INT UNSIGNED NOT NULL,
    author_id  INT UNSIGNED NOT NULL,
    body       MEDIUMTEXT NOT NULL,
    posted_at  DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    edited_at  DATETIME NULL ON UPDATE CURRENT_TIMESTAMP,
    FULLTEXT KEY posts_body (body),
    KEY posts_thread_posted (thread_id, posted_at),
    CONSTRAINT posts_thread_fk FOREIGN KEY (thread_id) REFERENCES threads (id) ON DELETE CASCADE,
    CONSTRAINT posts_author_fk FOREIGN KEY (author_id) REFERENCES members (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE likes (
    post_id   BIGINT UNSIGNED NOT NULL,
    member_id INT UNSIGNED NOT NULL,
    PRIMARY KEY (post_id, member_id),
    CONSTRAINT likes_post_fk FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    CONSTRAINT likes_member_fk FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
