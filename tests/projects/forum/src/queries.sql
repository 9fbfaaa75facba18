-- the newest threads of a board
SELECT t.id, t.title, m.login
FROM threads t JOIN members m ON m.id = t.author_id
WHERE t.board_id = ? ORDER BY t.opened_at DESC LIMIT 30;

-- forget the likes of a member
DELETE FROM likes WHERE member_id = ?;
