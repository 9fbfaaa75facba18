"""Types and options of MySQL."""
from sqlalchemy import Column, Computed, Index, String, text
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects.mysql import BIGINT, DATETIME, INTEGER, LONGTEXT, MEDIUMTEXT, TINYINT
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Everything(Base):
    __tablename__ = 'everything'
    id = Column(BIGINT(unsigned=True), primary_key=True)
    tiny = Column(TINYINT(1), nullable=False, server_default='0')
    number = Column(INTEGER(11, unsigned=True))
    medium = Column(mysql.MEDIUMINT)
    long = Column(LONGTEXT)
    body = Column(MEDIUMTEXT(charset='utf8mb4', collation='utf8mb4_bin'))
    at = Column(DATETIME(fsp=6))
    changed = Column(mysql.TIMESTAMP, nullable=False,
                     server_default=text('CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP'))
    kind = Column(mysql.ENUM('a', "b'c"))
    flags = Column(mysql.SET('x', 'y'))
    year = Column(mysql.YEAR)
    blob = Column(mysql.LONGBLOB)
    exact = Column(mysql.DECIMAL(10, 2))
    rough = Column(mysql.DOUBLE)
    bits = Column(mysql.BIT(4))
    name = Column(String(100))
    shout = Column(String(100), Computed('upper(name)'))
    kept = Column(String(100), Computed('lower(name)', persisted=True))
    __table_args__ = (
        Index('ix_long', 'long', mysql_length=50),
        Index('ix_two', 'name', 'long', mysql_length={'long': 20}),
        Index('ix_words', 'body', mysql_prefix='FULLTEXT'),
        {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8mb4', 'mysql_collate': 'utf8mb4_bin'},
    )
