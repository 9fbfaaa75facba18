import enum


class State(enum.Enum):
    new = 'NEW'
    paid = 'PAID'
    sent_off = 'SENT'


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


Weekday = enum.Enum('Weekday', 'mon tue wed')
