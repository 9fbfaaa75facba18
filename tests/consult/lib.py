"""What the tests of consultations with a model share: TAP, files, and the command."""
import os
import subprocess
import sys

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
sys.path.insert(0, os.path.join(TOP, 'tests', 'oracles'))
from tap import Tap  # noqa: E402

BINARY = os.path.abspath(os.environ.get('LINTEL') or os.path.join(TOP, 'build/debug/lintel'))
tap = Tap()
check = tap.check


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def clean_environment(home, **more):
    """The environment without anybody's keys, settings and proxies."""
    names = ('ANTHROPIC_', 'OPENAI_', 'BRAVE_', 'LINTEL_', 'XDG_', 'HTTP', 'http', 'ALL_PROXY', 'all_proxy')
    kept = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    return {**kept, 'HOME': home, **more}


def consult(project, environment, provider, port, *words, paths=('db/migrations',)):
    """Runs `lintel consult` with a mock of the provider's API on `port`."""
    base = 'http://127.0.0.1:%d%s' % (port, '' if provider == 'anthropic' else '/v1')
    return subprocess.run([BINARY, 'consult', '--provider', provider, '--base-url', base, *words, *paths],
                          cwd=project, env=environment, capture_output=True, text=True, timeout=120, check=False)
