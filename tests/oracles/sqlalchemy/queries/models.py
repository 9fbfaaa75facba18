from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()

labels = Table("labels", Base.metadata, Column("post_id", ForeignKey("posts.id"), primary_key=True),
               Column("label", String(20), primary_key=True))


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    mail = Column("email", String(80))
    age = Column(Integer)
    is_active = Column(Boolean)
    city_id = Column(ForeignKey("cities.id"))
    posts = relationship("Post", back_populates="author")
    city = relationship("City", backref="users")


class City(Base):
    __tablename__ = "cities"
    id = Column(Integer, primary_key=True)
    name = Column(String(80))


class Post(Base):
    __tablename__ = "posts"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    title = Column(String(80))
    written_at = Column(Integer)
    author = relationship("User", back_populates="posts")


class Score(Base):
    __tablename__ = "scores"
    user_id = Column(ForeignKey("users.id"), primary_key=True)
    year = Column(Integer, primary_key=True)
    points = Column(Integer)
