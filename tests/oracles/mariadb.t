#!/usr/bin/env python3
"""The model of MySQL projects against a real MariaDB. Arguments: names of projects."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import mariadb
import model_tests

model_tests.run('mysql', mariadb.Server())
