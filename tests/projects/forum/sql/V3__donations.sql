CREATE TABLE donations (
    id        INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    member_id INT UNSIGNED NULL,
    amount    FLOAT NOT NULL,
    currency  CHAR(3) NOT NULL DEFAULT 'EUR',
    given_at  DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    KEY donations_member (member_id),
    CONSTRAINT donations_member_fk FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE reports (
    id          INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    post_id     BIGINT UNSIGNED NOT NULL,
    reporter_id INT UNSIGNED NOT NULL,
    reason      VARCHAR(200) NOT NULL,
    handled_by  INT UNSIGNED NULL,
    KEY reports_post (post_id),
    CONSTRAINT reports_post_fk FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE,
    CONSTRAINT reports_reporter_fk FOREIGN KEY (reporter_id) REFERENCES members (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
