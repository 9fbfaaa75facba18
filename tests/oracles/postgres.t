#!/usr/bin/env python3
"""The model of PostgreSQL projects against a real PostgreSQL. Arguments: names of projects."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import model_tests
import postgres


def prepare(cluster, database, project):
    if project.is_supabase:
        cluster.run_files(database, [postgres.SUPABASE])


model_tests.run('postgresql', postgres.Cluster(), prepare)
