"""tighten

Revision ID: f72b10496e07
Revises: e61ad7735d06
Create Date: 2023-09-12 08:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'f72b10496e07'
down_revision = 'e61ad7735d06'
branch_labels = None
depends_on = None


def upgrade():
    op.execute("SET lock_timeout = '3s'")

    with op.batch_alter_table('customers') as batch_op:
        batch_op.create_unique_constraint('uq_customers_email', ['email'])
        batch_op.alter_column('name', existing_type=sa.Text(), nullable=False)

    op.create_foreign_key('fk_order_lines_product', 'order_lines', 'products', ['product_id'], ['id'])

    # The way it should be: in two steps.
    op.create_check_constraint('ck_orders_total', 'orders', 'total >= 0', postgresql_not_valid=True)
    op.execute('ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_total')

    op.execute("UPDATE orders SET currency = 'EUR'")
    op.alter_column('orders', 'currency', existing_type=sa.String(3), nullable=False, server_default='EUR')

    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE order_status ADD VALUE 'returned'")


def downgrade():
    op.alter_column('orders', 'currency', existing_type=sa.String(3), nullable=True, server_default=None)
    op.drop_constraint('ck_orders_total', 'orders', type_='check')
    op.drop_constraint('fk_order_lines_product', 'order_lines', type_='foreignkey')
    with op.batch_alter_table('customers') as batch_op:
        batch_op.alter_column('name', existing_type=sa.Text(), nullable=True)
        batch_op.drop_constraint('uq_customers_email', type_='unique')
