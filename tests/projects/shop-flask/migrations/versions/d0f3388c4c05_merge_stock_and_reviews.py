"""merge stock and reviews

Revision ID: d0f3388c4c05
Revises: b7e2510f6a03, c91570aa3b04
Create Date: 2023-05-02 08:11:54.310021

"""

# revision identifiers, used by Alembic.
revision = 'd0f3388c4c05'
down_revision = ('b7e2510f6a03', 'c91570aa3b04')
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
