"""loyalty, support

Revision ID: 1c83b6c27f08
Revises: f72b10496e07
Create Date: 2023-11-20 09:30:22.090411

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

# revision identifiers, used by Alembic.
revision = '1c83b6c27f08'
down_revision = 'f72b10496e07'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('customers', sa.Column('loyalty_level', sa.Text(), nullable=False))
    op.add_column(
        'customers',
        sa.Column('referral_code', pg.UUID(as_uuid=True), server_default=sa.text('gen_random_uuid()'), nullable=False),
    )
    op.create_table(
        'loyalty_accounts',
        sa.Column('customer_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('balance', sa.Float(), server_default='0', nullable=False),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('customer_id'),
    )
    op.create_table(
        'loyalty_bookings',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('order_id', sa.BigInteger(), nullable=True),
        sa.Column('points', sa.Integer(), nullable=False),
        sa.Column('booked_at', sa.DateTime(), server_default=sa.text('now()'), nullable=False),
        sa.ForeignKeyConstraint(['customer_id'], ['loyalty_accounts.customer_id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_loyalty_bookings_customer_booked', 'loyalty_bookings', ['customer_id', 'booked_at'])

    op.create_table(
        'agents',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('login', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('skills', pg.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('login'),
    )
    op.create_table(
        'tickets',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('order_id', sa.BigInteger(), nullable=True),
        sa.Column('agent_id', sa.BigInteger(), nullable=True),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['agent_id'], ['agents.id']),
        sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id'),
    )
    for column in ('customer_id', 'order_id'):
        op.create_index('ix_tickets_%s' % column, 'tickets', [column])


def downgrade():
    op.drop_table('tickets')
    op.drop_table('agents')
    op.drop_table('loyalty_bookings')
    op.drop_table('loyalty_accounts')
    op.drop_column('customers', 'referral_code')
    op.drop_column('customers', 'loyalty_level')
