"""Writes a Python package of SQLAlchemy models, always the same for the same number.

    generate_models.py N FOLDER"""
import os
import random
import sys

SCALARS = [
    ("Mapped[str] = mapped_column(String(%d), nullable=False)", (20, 255)),
    ("Mapped[Optional[str]] = mapped_column(Text)", None),
    ("Mapped[int] = mapped_column(Integer, server_default=text('0'), nullable=False)", None),
    ("Mapped[Optional[Decimal]] = mapped_column(Numeric(12, 2))", None),
    ("Mapped[bool] = mapped_column(default=True)", None),
    ("Mapped[Optional[datetime.datetime]] = mapped_column(DateTime(timezone=True), index=True)", None),
    ("Mapped[State] = mapped_column(Enum(State), default=State.NEW)", None),
    ("Mapped[Optional[dict]] = mapped_column(JSONB)", None),
]

BASE = '''"""What the models share."""
import datetime
import enum

from sqlalchemy import DateTime, MetaData, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class State(enum.Enum):
    NEW = "new"
    OPEN = "open"
    DONE = "done"


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={"fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s",
                                           "ix": "ix_%(table_name)s_%(column_0_name)s"})


class Timestamps:
    created_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), onupdate=func.now())
'''

HEAD = '''"""Models of one part of the program."""
from __future__ import annotations

import datetime
from decimal import Decimal
from typing import List, Optional

from sqlalchemy import (CheckConstraint, DateTime, Enum, ForeignKey, Index, Integer, Numeric, String, Text,
                        UniqueConstraint, text)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, State, Timestamps
'''


def model(number, chance):
    name = 'Model%d' % number
    lines = ['', '', 'class %s(Timestamps, Base):' % name, '    """A thing that the program keeps."""',
             '    __tablename__ = "model_%d"' % number,
             '    __table_args__ = (UniqueConstraint("name", "kind"), CheckConstraint("size > 0", name="size_%d"),' % number,
             '                      Index("ix_model_%d_both", "kind", "size"))' % number,
             '    id: Mapped[int] = mapped_column(primary_key=True)',
             '    name: Mapped[str] = mapped_column(String(100))',
             '    kind: Mapped[str] = mapped_column(String(20), index=True)',
             '    size: Mapped[int]']
    for i in range(chance.randint(6, 16)):
        form, sizes = chance.choice(SCALARS)
        lines.append('    field_%d: %s' % (i, form % chance.randint(*sizes) if sizes else form))
    for i in range(chance.randint(0, 3)):
        other = chance.randrange(number + 1)
        lines.append('    ref_%d_id: Mapped[Optional[int]] = mapped_column(ForeignKey("model_%d.id", ondelete="CASCADE"))' % (i, other))
        lines.append('    ref_%d: Mapped[Optional["Model%d"]] = relationship(foreign_keys=[ref_%d_id])' % (i, other, i))
    lines += ['', '    def describe(self) -> str:', '        parts = [self.name, self.kind, str(self.size)]',
              '        return ", ".join(part for part in parts if part)', '']
    return '\n'.join(lines)


def write_package(n_models, folder):
    """The number of bytes written."""
    chance = random.Random(500)
    os.makedirs(folder, exist_ok=True)
    texts, n_files = {'__init__.py': '', 'base.py': BASE}, 0
    number = 0
    while number < n_models:
        text = HEAD
        for _ in range(min(chance.randint(1, 4), n_models - number)):
            text += model(number, chance)
            number += 1
        texts['part_%d.py' % n_files] = text
        n_files += 1
    for name, text in texts.items():
        with open(os.path.join(folder, name), 'w') as file:
            file.write(text)
    return sum(len(text) for text in texts.values())


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(write_package(int(sys.argv[1]), sys.argv[2]), 'bytes')
