"""The shop, as an application factory."""
from flask import Flask

from shop.config import Config
from shop.extensions import db, migrate


def create_app(config=Config):
    app = Flask(__name__)
    app.config.from_object(config)
    db.init_app(app)

    from shop import models  # noqa: F401  (Alembic sees what is imported)

    migrate.init_app(app, db)

    from shop.views import catalogue

    app.register_blueprint(catalogue)
    return app
