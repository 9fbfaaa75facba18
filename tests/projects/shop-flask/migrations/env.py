"""How Alembic reaches the shop's database: through the application that Flask-Migrate started."""
from logging.config import fileConfig

from alembic import context
from flask import current_app

fileConfig(context.config.config_file_name)
shop = current_app.extensions["migrate"].db


def offline():
    context.configure(
        url=current_app.config["SQLALCHEMY_DATABASE_URI"],
        target_metadata=shop.metadata,
        literal_binds=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def online():
    with shop.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=shop.metadata,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    online()
