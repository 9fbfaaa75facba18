from datetime import datetime

from flask import Flask

from extensions import db

app = Flask(__name__)
app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite://'
db.init_app(app)


class TimestampMixin(object):
    created_at = db.Column(db.DateTime, default=datetime.utcnow, nullable=False)


class BaseModel(db.Model):
    __abstract__ = True
    id = db.Column(db.Integer, primary_key=True)


members = db.Table('members',
                   db.Column('user_id', db.Integer, db.ForeignKey('user_account.id'), primary_key=True),
                   db.Column('group_id', db.Integer, db.ForeignKey('http_group.id'), primary_key=True))


class UserAccount(TimestampMixin, BaseModel):
    name = db.Column(db.String(80), unique=True, nullable=False)
    email = db.Column(db.String(120), index=True)
    kind = db.Column(db.Enum('a', 'b', name='account_kind'))
    groups = db.relationship('HTTPGroup', secondary=members, backref=db.backref('users', lazy='dynamic'))


class HTTPGroup(BaseModel):
    title = db.Column(db.Unicode(40))


class Oauth2Token(db.Model):
    token = db.Column(db.String(64), primary_key=True)
    user_id = db.Column(db.Integer, db.ForeignKey('user_account.id', ondelete='CASCADE'), nullable=False)


class NamedOne(db.Model):
    __tablename__ = 'named_by_hand'
    __table_args__ = (db.UniqueConstraint('a', 'b'), db.Index('ix_b', 'b'), db.CheckConstraint('a > 0'))
    id = db.Column(db.BigInteger, primary_key=True)
    a = db.Column(db.SmallInteger)
    b = db.Column(db.String(10))


class Special(UserAccount):
    """No key of its own: a row of user_account."""
    extra = db.Column(db.String(5))


class Joined(UserAccount):
    id = db.Column(db.ForeignKey('user_account.id'), primary_key=True)
    more = db.Column(db.Text)
