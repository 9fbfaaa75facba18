"""Types and options of PostgreSQL."""
from sqlalchemy import Column, Computed, Identity, Index, Integer, MetaData, String, Table, Text, cast, func, text
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import ARRAY, ENUM, INET, INT4RANGE, JSONB, TSVECTOR, UUID, ExcludeConstraint
from sqlalchemy.orm import declarative_base

Base = declarative_base()
mood = ENUM('sad', 'ok', 'happy', name='mood')


class Everything(Base):
    __tablename__ = 'everything'
    id = Column(Integer, Identity(always=True, start=10), primary_key=True)
    uid = Column(UUID(as_uuid=True), server_default=text('gen_random_uuid()'), nullable=False)
    data = Column(JSONB, server_default=text("'{}'::jsonb"), nullable=False)
    numbers = Column(ARRAY(Integer), server_default='{}')
    grid = Column(ARRAY(Text, dimensions=2))
    address = Column(INET)
    network = Column(pg.CIDR)
    mac = Column(pg.MACADDR)
    words = Column(TSVECTOR)
    span = Column(INT4RANGE)
    during = Column(pg.TSTZRANGE)
    how = Column(mood, nullable=False, server_default='ok')
    again = Column(mood)
    apart = Column(ENUM('x', 'y', name='made_elsewhere', create_type=False))
    bits = Column(pg.BIT(3))
    varbits = Column(pg.BIT(5, varying=True))
    exact = Column(pg.TIMESTAMP(timezone=True, precision=3))
    clock = Column(pg.TIME(precision=2))
    span_of_time = Column(pg.INTERVAL(precision=2))
    double = Column(pg.DOUBLE_PRECISION)
    real = Column(pg.REAL)
    raw = Column(pg.BYTEA)
    price = Column(Integer)
    twice = Column(Integer, Computed('price * 2'))
    name = Column(String)
    __table_args__ = (
        Index('ix_everything_data', data, postgresql_using='gin'),
        Index('ix_everything_name', 'name', postgresql_ops={'name': 'text_pattern_ops'}),
        Index('ix_everything_price', 'price', unique=True, postgresql_where=text('price > 0')),
        Index('ix_everything_lower', func.lower(name), postgresql_where=(price > 5)),
        Index('ix_everything_include', 'uid', postgresql_include=['price', 'name']),
        ExcludeConstraint(('span', '&&'), name='ex_span', using='gist'),
    )
