from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any, Dict
from typing_extensions import Annotated

from sqlalchemy import BigInteger, DateTime, JSON, MetaData, Numeric, String, func, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

str50 = Annotated[str, 50]
short = Annotated[str, mapped_column(String(20))]
intpk = Annotated[int, mapped_column(primary_key=True)]
bigpk = Annotated[int, mapped_column(BigInteger, primary_key=True)]
required_name = Annotated[str, mapped_column(String(30), nullable=False, index=True)]
created = Annotated[datetime.datetime, mapped_column(server_default=func.now())]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={
        'ix': 'ix_%(table_name)s_%(column_0_name)s',
        'uq': 'uq_%(table_name)s_%(column_0_name)s',
        'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s',
        'pk': 'pk_%(table_name)s',
    })
    type_annotation_map = {
        str50: String(50),
        datetime.datetime: DateTime(timezone=True),
        decimal.Decimal: Numeric(18, 6),
        Dict[str, Any]: JSON,
    }


class Named:
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return f'{cls.__name__.lower()}s'

    id: Mapped[intpk]


class Stamped:
    created_at: Mapped[created]
    updated_at: Mapped[datetime.datetime | None] = mapped_column(onupdate=func.now())
