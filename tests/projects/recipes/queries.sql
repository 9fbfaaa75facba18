SELECT r.id, r.title FROM recipes r WHERE r.cook_id = ? ORDER BY r.created_at DESC;
DELETE FROM prices;
