CREATE TABLE members (
    id         INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    login      VARCHAR(40) NOT NULL,
    email      VARCHAR(190) NOT NULL,
    password   CHAR(60) CHARACTER SET ascii NOT NULL,
    role       ENUM('member', 'moderator', 'admin') NOT NULL DEFAULT 'member',
    signature  VARCHAR(500) DEFAULT 'NULL',
    joined_at  DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE KEY members_login (login),
    UNIQUE KEY members_email (email)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE badges (
    id    INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    title VARCHAR(80) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE member_badges (
    member_id INT UNSIGNED NOT NULL,
    badge_id  INT UNSIGNED NOT NULL,
    given_at  DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT member_badges_member FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE,
    CONSTRAINT member_badges_badge FOREIGN KEY (badge_id) REFERENCES badges (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
