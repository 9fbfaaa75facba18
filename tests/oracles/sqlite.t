#!/usr/bin/env python3
"""The model of SQLite projects against SQLite. Arguments: names of projects."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import model_tests
import sqlite

model_tests.run('sqlite', sqlite.Database())
