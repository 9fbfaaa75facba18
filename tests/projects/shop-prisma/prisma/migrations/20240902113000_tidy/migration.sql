/*
  Warnings:

  - You are about to drop the column `oldName` on the `Product` table. All the data in the column will be lost.
  - You are about to drop the `Wishlist` table. If the table is not empty, all the data it contains will be lost.
*/
-- AlterTable
ALTER TABLE "Product" DROP COLUMN "oldName",
ALTER COLUMN "weightG" SET DATA TYPE DECIMAL(10,1);

-- Renamed by hand: what Prisma proposed would have thrown the old ones away.
ALTER TABLE "Ticket" RENAME COLUMN "subject" TO "title";
ALTER TABLE "Review" RENAME TO "ProductReview";
ALTER TABLE "ProductReview" RENAME CONSTRAINT "Review_pkey" TO "ProductReview_pkey";
ALTER TABLE "ProductReview" RENAME CONSTRAINT "Review_productId_fkey" TO "ProductReview_productId_fkey";
ALTER INDEX "Review_productId_customerId_key" RENAME TO "ProductReview_productId_customerId_key";

-- DropTable
DROP TABLE "WishlistProduct";

-- DropTable
-- lintel-ignore drop-table: empty since the feature was switched off in June
DROP TABLE "Wishlist";

-- DropIndex
DROP INDEX "sessions_expiresAt_idx";
