#!/usr/bin/env python3
"""The protocol's own conformance suite: our client in both eras, and what of our server can be asked through a URL. A scenario
counts when checks succeeded, because it also passes when there were none."""
import concurrent.futures
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from bridge import Bridge  # noqa: E402
from mcp_lib import BINARY, TOP, World, check, module, node, skip_all, tap  # noqa: E402

OLDER, NEWER = '2025-11-25', '2026-07-28'
# scenario, revision, the fewest checks that must succeed
CLIENT = [('initialize', OLDER, 1), ('tools_call', OLDER, 2), ('sse-retry', OLDER, 3), ('tools_call', NEWER, 2), ('request-metadata', NEWER, 5),
          ('http-standard-headers', NEWER, 3), ('http-custom-headers', NEWER, 18), ('http-invalid-tool-headers', NEWER, 12),
          ('json-schema-ref-no-deref', NEWER, 1), ('json-schema-2020-12-preservation', OLDER, 5),
          ('json-schema-2020-12-preservation', NEWER, 9), ('sep-2322-client-request-state', NEWER, 5)]
SERVER = [('server-initialize', OLDER, 2), ('ping', OLDER, 2), ('tools-list', '2025-06-18', 2), ('tools-list', OLDER, 3), ('tools-list', NEWER, 4),
          ('server-stateless', NEWER, 18), ('caching', NEWER, 4)]
# Of the transport that the bridge stands for, or of tools, prompts and resources that a product does not have.
NOT_OURS = {'sep-2575-http-server-header-mismatch-400', 'sep-2575-server-rejects-undeclared-capability', 'sep-2575-missing-capability-http-400',
            'sep-2575-http-server-no-independent-requests-on-stream', 'sep-2575-server-no-log-without-loglevel',
            'sep-2549-prompts-list-caching-hints', 'sep-2549-resources-list-caching-hints', 'sep-2549-resources-templates-list-caching-hints'}


def run(world, program, kind, scenario, revision, *words):
    """The checks of one scenario by how they ended, and what was printed."""
    folder = os.path.join(world.folder, '%s-%s-%s' % (kind, scenario, revision))
    done = subprocess.run([program, module('@modelcontextprotocol', 'conformance', 'dist', 'index.js'), kind, *words, '--scenario', scenario,
                           '--spec-version', revision, '--output-dir', folder], cwd=world.project, capture_output=True, text=True,
                          env=world.environment(LINTEL=BINARY), timeout=120, check=False)
    found = [os.path.join(root, 'checks.json') for root, _, files in os.walk(folder) if 'checks.json' in files]
    checks = []
    for path in found:
        with open(path, encoding='utf-8') as file:
            checks += json.load(file)
    return checks, done.stdout + done.stderr


def main():
    program = node()
    if not program or not os.path.exists(module('@modelcontextprotocol', 'conformance')):
        skip_all('the packages of tests/mcp are not there, or not for this machine')
    world = World()
    bridges = [Bridge([BINARY, 'mcp'], os.path.join(TOP, 'tests', 'projects', 'shop'), world.environment()) for _ in SERVER]
    client = '%s %s' % (sys.executable, os.path.join(HERE, 'conformance_client.py'))
    jobs = [('client', *job, '--command', client) for job in CLIENT] + [
        ('server', *job, '--url', bridge.url) for job, bridge in zip(SERVER, bridges)]
    try:
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            results = list(pool.map(lambda job: run(world, program, job[0], job[1], job[2], *job[4:]), jobs))
        for (kind, scenario, revision, least, *_), (checks, printed) in zip(jobs, results):
            good = [c for c in checks if c['status'] == 'SUCCESS']
            bad = [c for c in checks if c['status'] in ('FAILURE', 'WARNING')
                   and c['id'] not in NOT_OURS]
            check(len(good) >= least and not bad, '%s %s %s: %d checks succeeded' % (kind, scenario, revision, len(good)),
                  [[(c['id'], c.get('errorMessage')) for c in bad], printed[-1500:]])
        check([bridge.close() for bridge in bridges] == [0] * len(SERVER), 'the server ends with its input')
    finally:
        world.close()
    tap.done()


if __name__ == '__main__':
    main()
