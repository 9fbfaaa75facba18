from .base import Base  # re-exported
from .people import Customer as Client
