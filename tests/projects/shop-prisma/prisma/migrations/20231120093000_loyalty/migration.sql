-- AlterTable
ALTER TABLE "Customer" ADD COLUMN     "loyaltyLevel" TEXT NOT NULL,
ADD COLUMN     "marketingConsent" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "LoyaltyAccount" (
    "customerId" INTEGER NOT NULL,
    "balance" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "openedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LoyaltyAccount_pkey" PRIMARY KEY ("customerId")
);

-- CreateTable
CREATE TABLE "LoyaltyBooking" (
    "id" BIGSERIAL NOT NULL,
    "customerId" INTEGER NOT NULL,
    "orderId" BIGINT,
    "points" INTEGER NOT NULL,
    "bookedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LoyaltyBooking_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "LoyaltyBooking_customerId_bookedAt_idx" ON "LoyaltyBooking"("customerId", "bookedAt" DESC);

-- AddForeignKey
ALTER TABLE "LoyaltyAccount" ADD CONSTRAINT "LoyaltyAccount_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "Customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LoyaltyBooking" ADD CONSTRAINT "LoyaltyBooking_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "LoyaltyAccount"("customerId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LoyaltyBooking" ADD CONSTRAINT "LoyaltyBooking_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "orders"("id") ON DELETE SET NULL ON UPDATE CASCADE;
