SELECT id FROM orders WHERE placed_at > now() - interval '1 day';
