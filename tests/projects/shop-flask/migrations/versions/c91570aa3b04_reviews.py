"""reviews and wishlists

Revision ID: c91570aa3b04
Revises: 8a44d0c91e02
Create Date: 2023-04-18 15:00:09.932100

"""
from alembic import op
import sqlalchemy as sa

revision = 'c91570aa3b04'
down_revision = '8a44d0c91e02'
branch_labels = ('reviews',)
depends_on = None


def upgrade():
    op.create_table(
        'reviews',
        sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column('product_id', sa.BigInteger(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('rating', sa.SmallInteger(), nullable=False),
        sa.Column('body', sa.Text(), nullable=True),
        sa.Column('written_at', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], ondelete='CASCADE'),
        sa.UniqueConstraint('product_id', 'customer_id', name='uq_reviews_product_customer'),
        sa.CheckConstraint('rating BETWEEN 1 AND 5', name='ck_reviews_rating'),
    )
    op.create_table(
        'wishlists',
        sa.Column('id', sa.BigInteger(), primary_key=True),
        sa.Column('customer_id', sa.Integer(), sa.ForeignKey('customers.id', ondelete='CASCADE'), nullable=False,
                  index=True),
        sa.Column('name', sa.Text(), nullable=False, server_default='My list'),
    )
    # lintel-ignore-next missing-primary-key: an archive that is never written again
    op.create_table(
        'mailed_reviews',
        sa.Column('received_on', sa.Date(), nullable=False),
        sa.Column('sender', sa.Text(), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
    )


def downgrade():
    op.drop_table('mailed_reviews')
    op.drop_table('wishlists')
    op.drop_table('reviews')
