-- Prisma runs the statements of a file together: this one is alone, so it may.
CREATE INDEX CONCURRENTLY "orders_placed_at_idx" ON "orders"("placedAt");
