"""faster lists of orders and reviews

Revision ID: 2d94e1f80a09
Revises: 1c83b6c27f08
Create Date: 2024-05-27 09:05:00.400000

"""
from alembic import op
import sqlalchemy as sa

revision = '2d94e1f80a09'
down_revision = '1c83b6c27f08'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_orders_placed_at', 'orders', ['placed_at'])

    # The way it should be: outside of the transaction.
    with op.get_context().autocommit_block():
        op.create_index('ix_reviews_written_at', 'reviews', [sa.text('written_at DESC')],
                        postgresql_concurrently=True)


def downgrade():
    pass
