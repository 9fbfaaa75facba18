"""stock

Revision ID: b7e2510f6a03
Revises: 8a44d0c91e02
Create Date: 2023-03-01 14:20:00.118020

"""
import sqlalchemy as sa
from alembic import op

revision = 'b7e2510f6a03'
down_revision = '8a44d0c91e02'
branch_labels = ('stock',)
depends_on = None


def big_key():
    return sa.Column('id', sa.BigInteger, primary_key=True)


def upgrade():
    op.create_table(
        'warehouses',
        big_key(),
        sa.Column('code', sa.String(12), nullable=False),
        sa.Column('name', sa.Text, nullable=False),
        sa.Column('city', sa.Text, nullable=False),
    )
    op.create_unique_constraint('warehouses_code_key', 'warehouses', ['code'])
    op.create_table(
        'stock_levels',
        sa.Column('warehouse_id', sa.BigInteger, nullable=False),
        sa.Column('product_id', sa.BigInteger, nullable=False),
        sa.Column('quantity', sa.Integer, nullable=False, server_default=sa.text('0')),
        sa.Column('reserved', sa.Integer, nullable=False, server_default=sa.text('0')),
        sa.CheckConstraint('quantity >= 0', name='ck_stock_levels_quantity'),
    )
    op.create_primary_key('stock_levels_pkey', 'stock_levels', ['warehouse_id', 'product_id'])
    op.create_foreign_key('stock_levels_warehouse_id_fkey', 'stock_levels', 'warehouses', ['warehouse_id'], ['id'])
    op.create_foreign_key('stock_levels_product_id_fkey', 'stock_levels', 'products', ['product_id'], ['id'],
                          ondelete='CASCADE')
    op.create_table(
        'suppliers',
        big_key(),
        sa.Column('name', sa.Text, nullable=False),
        sa.Column('email', sa.Text, nullable=False),
        sa.Column('vat_number', sa.Text, server_default='NULL'),
    )


def downgrade():
    op.drop_table('suppliers')
    op.drop_table('stock_levels')
    op.drop_table('warehouses')
