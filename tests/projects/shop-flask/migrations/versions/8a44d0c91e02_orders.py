"""orders, payments, coupons

Revision ID: 8a44d0c91e02
Revises: 3f1c9a7b2d10
Create Date: 2023-02-05 11:00:41.771802

"""
from alembic import op
import sqlalchemy as sa

revision = '8a44d0c91e02'
down_revision = '3f1c9a7b2d10'
branch_labels = None
depends_on = None

order_status = sa.Enum('new', 'paid', 'packed', 'shipped', 'cancelled', name='order_status')


def upgrade():
    op.create_table(
        'orders',
        sa.Column('id', sa.BigInteger(), primary_key=True),
        sa.Column('customer_id', sa.Integer(), sa.ForeignKey('customers.id'), nullable=False),
        sa.Column('status', order_status, server_default='new', nullable=False),
        sa.Column('total', sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column('currency', sa.String(length=3)),
        sa.Column('note', sa.Text()),
        sa.Column('placed_at', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.create_table(
        'order_lines',
        sa.Column('order_id', sa.BigInteger(), nullable=False),
        sa.Column('line_no', sa.SmallInteger(), nullable=False),
        sa.Column('product_id', sa.BigInteger(), nullable=False, index=True),
        sa.Column('quantity', sa.Integer(), nullable=False),
        sa.Column('unit_price', sa.Numeric(12, 2), nullable=False),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('order_id', 'line_no'),
    )
    op.create_table(
        'payments',
        sa.Column('id', sa.BigInteger(), primary_key=True),
        sa.Column('order_id', sa.Integer(), nullable=False),
        sa.Column('provider', sa.Text(), nullable=False),
        sa.Column('provider_ref', sa.String(40), nullable=False),
        sa.Column('amount', sa.REAL(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id']),
        sa.UniqueConstraint('provider', 'provider_ref', name='uq_payments_provider'),
    )
    op.create_index('ix_payments_order_id', 'payments', ['order_id'])
    op.create_table(
        'coupons',
        sa.Column('code', sa.Text(), primary_key=True),
        sa.Column('discount', sa.Numeric(5, 2), nullable=False),
        sa.Column('valid_until', sa.DateTime(timezone=True)),
    )
    op.create_table(
        'coupon_use',
        sa.Column('coupon_code', sa.Text(), sa.ForeignKey('coupons.code'), primary_key=True),
        sa.Column('order_id', sa.BigInteger(), sa.ForeignKey('orders.id', ondelete='CASCADE'), primary_key=True),
    )
    op.create_index('ix_coupon_use_order_id', 'coupon_use', ['order_id'])
    op.create_index('ix_coupon_use_code', 'coupon_use', ['coupon_code'])


def downgrade():
    for table in ('coupon_use', 'coupons', 'payments', 'order_lines', 'orders'):
        op.drop_table(table)
    order_status.drop(op.get_bind())
