import enum
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import List, Optional

import sqlalchemy as sa
from sqlmodel import Column, Field, Relationship, SQLModel


class Kind(enum.Enum):
    small = 'small'
    big = 'big'


class HeroTeam(SQLModel, table=True):
    team_id: Optional[int] = Field(default=None, foreign_key='team.id', primary_key=True)
    hero_id: Optional[int] = Field(default=None, foreign_key='hero.id', primary_key=True)


class TeamBase(SQLModel):
    name: str = Field(index=True)


class Team(TeamBase, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    city: str = Field(max_length=40)
    heroes: List['Hero'] = Relationship(back_populates='teams', link_model=HeroTeam)


class Hero(SQLModel, table=True):
    __table_args__ = (sa.UniqueConstraint('name', 'born'),)
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(max_length=50)
    nick: Optional[str] = None
    power: float = 1.0
    active: bool = True
    born: date
    seen: Optional[datetime] = Field(default=None, sa_column=Column(sa.DateTime(timezone=True), nullable=True))
    price: Decimal = Field(default=0)
    uid: uuid.UUID = Field(default_factory=uuid.uuid4, index=True)
    kind: Kind
    made: Optional[datetime] = Field(default=None, sa_column_kwargs={'server_default': sa.text('CURRENT_TIMESTAMP')})
    team_id: Optional[int] = Field(default=None, foreign_key='team.id')
    teams: List[Team] = Relationship(back_populates='heroes', link_model=HeroTeam)


class PublicHero(SQLModel):
    name: str
