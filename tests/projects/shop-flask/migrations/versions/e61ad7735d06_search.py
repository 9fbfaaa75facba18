"""product search

Revision ID: e61ad7735d06
Revises: d0f3388c4c05
Create Date: 2023-06-06 12:00:30.000120

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = 'e61ad7735d06'
down_revision = 'd0f3388c4c05'
branch_labels = None
depends_on = None

FILL = """
CREATE FUNCTION products_fill_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search = to_tsvector('german', NEW.name || ' ' || coalesce(NEW.description, ''));
    RETURN NEW;
END
$$
"""


def upgrade():
    op.add_column('products', sa.Column('search', TSVECTOR(), nullable=True))
    op.create_index('ix_products_search', 'products', ['search'], postgresql_using='gin')
    op.execute(FILL)
    op.execute(
        "CREATE TRIGGER products_fill_search BEFORE INSERT OR UPDATE ON products "
        "FOR EACH ROW EXECUTE FUNCTION products_fill_search()"
    )
    op.execute(
        sa.text(
            "UPDATE products "
            "SET search = to_tsvector('german', name || ' ' || coalesce(description, ''))"
        )
    )


def downgrade():
    op.execute('DROP TRIGGER products_fill_search ON products')
    op.execute('DROP FUNCTION products_fill_search')
    op.drop_index('ix_products_search', table_name='products')
    op.drop_column('products', 'search')
