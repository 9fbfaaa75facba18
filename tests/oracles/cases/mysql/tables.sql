-- Keys, their names, the indexes that foreign keys get, and ALTER TABLE.
CREATE TABLE users (
    id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Email varchar(100) NOT NULL UNIQUE,
    name varchar(50) DEFAULT 'nobody',
    created datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
    changed timestamp NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP,
    kind enum('a', 'b') NOT NULL DEFAULT 'a',
    flags set('x','y'),
    price decimal(8,2) NOT NULL DEFAULT 0.00,
    is_on tinyint(1) NOT NULL DEFAULT 1,
    bio text,
    KEY (name),
    KEY name_kind (name, kind),
    KEY (name, created),
    UNIQUE KEY (kind, id),
    FULLTEXT KEY bio_text (bio)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE posts (
    id bigint NOT NULL AUTO_INCREMENT,
    user_id int unsigned NOT NULL,
    other_id int unsigned,
    third_id int unsigned,
    title varchar(200) NOT NULL,
    body mediumtext,
    PRIMARY KEY (id),
    KEY other (other_id, title(20)),
    CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    FOREIGN KEY (other_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    FOREIGN KEY (third_id) REFERENCES users (id)
);
ALTER TABLE posts ADD COLUMN slug varchar(50) NOT NULL FIRST, ADD COLUMN views int DEFAULT 0 AFTER title;
ALTER TABLE posts MODIFY title varchar(255) NULL, CHANGE body content longtext;
ALTER TABLE posts MODIFY views bigint NOT NULL DEFAULT 5 FIRST;
ALTER TABLE posts ADD INDEX user_title (user_id, title);
ALTER TABLE posts ADD UNIQUE (slug), ADD KEY (slug), RENAME INDEX other TO others;
ALTER TABLE posts DROP FOREIGN KEY posts_ibfk_2;
ALTER TABLE posts ADD FOREIGN KEY (third_id) REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE users DROP COLUMN flags, DROP KEY name_kind, ALTER COLUMN name SET DEFAULT 'x', ALTER COLUMN kind DROP DEFAULT;
CREATE INDEX by_created ON users (created DESC, name(10));
DROP INDEX bio_text ON users;
CREATE TABLE copy_of_posts LIKE posts;
CREATE TABLE made AS SELECT id, name AS called FROM users;
RENAME TABLE made TO from_query;
CREATE TABLE gen (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int AS (a + 1) VIRTUAL, KEY (b));
CREATE TABLE two_keys (a int NOT NULL, b int NOT NULL, c int, PRIMARY KEY (a, b), UNIQUE (b), UNIQUE (c, a));
ALTER TABLE two_keys DROP PRIMARY KEY, ADD PRIMARY KEY (b, a);
CREATE TABLE nums (s serial, t tinyint unsigned, i integer(5), f float, d double, r real, dp double precision, n numeric, b bit, y year, ch char, bin binary(16), vb varbinary(10), tt time, ts timestamp(3) NULL, bl boolean, d6 datetime(6));
CREATE VIEW people AS SELECT u.id, u.Email AS mail, p.title FROM users u LEFT JOIN posts p ON p.user_id = u.id;
SET FOREIGN_KEY_CHECKS = 0;
DROP TABLE IF EXISTS users_gone, from_query;
CREATE TABLE early (id int, later_id int, FOREIGN KEY (later_id) REFERENCES later (id));
CREATE TABLE later (id int PRIMARY KEY);
SET FOREIGN_KEY_CHECKS = 1;
