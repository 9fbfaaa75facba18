#!/usr/bin/env python3
"""Measures our language server and command line beside squawk's and Prisma's, in one run on this machine, against our budgets.

    python3 tests/bench/bench.py [--lintel BINARY] [--runs 5] [--without-peers]

Every figure is the median over all runs, each with a fresh process. An edit is one character typed in the middle
of the document, or taken back. Documents are generated, the same each time (generate*.py). Exits 1 if a budget
is not met."""
import argparse
import glob
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(os.path.dirname(HERE), 'peers/node_modules')
sys.path.insert(0, HERE)
import generate
import generate_models
import generate_prisma
import lsp

# What, and its budget: milliseconds, of memory MiB. None: no budget of its own.
BUDGETS = {
    'start to initialize': 3.0,
    '60 lines: open': 1.0, '60 lines: edit': 1.0, '60 lines: memory': None,
    '5,000 lines: open': 30.0, '5,000 lines: edit': 5.0, '5,000 lines: memory': 20.0,
    '1 MB: open': 200.0, '1 MB: edit': 30.0, '1 MB: memory': 60.0,
    '1,500 lines of Prisma: open': 10.0, '1,500 lines of Prisma: edit': 3.0, '1,500 lines of Prisma: memory': None,
    '500 SQLAlchemy models: read and linked': 300.0,
}
CHECK = 'check 1 MB of migrations'
CHECK_RATIO = 0.5  # of squawk's time
EDITS = 20


def measure_server(command, name, text, runs):
    """{what: [samples]} of one document."""
    samples = {'init': [], 'open': [], 'edit': [], 'memory': []}
    lines = text.split('\n')
    indent = '  ' if name.endswith('.prisma') else '    '
    middle = next(i for i in range(len(lines) // 2, len(lines)) if lines[i].startswith(indent) and lines[i][len(indent)].isalpha() and ' ' in lines[i].strip())
    at = len(indent) + len(lines[middle].strip().split(' ')[0])  # right after a column's name
    for _ in range(runs):
        folder = tempfile.mkdtemp(prefix='lintel-bench-')
        with open(os.path.join(folder, name), 'w') as file:
            file.write(text)
        client = lsp.Client(command, folder)
        try:
            samples['init'].append(client.initialize() * 1000)
            samples['open'].append(client.open(name, text)[0] * 1000)
            for i in range(EDITS if len(text) < 500000 else 6):
                seconds = client.edit(middle, at, 0, 'x') if i % 2 == 0 else client.edit(middle, at, 1, '')
                samples['edit'].append(seconds * 1000)
            samples['memory'].append(client.peak_memory())
        finally:
            client.close()
            shutil.rmtree(folder)
    return samples


def measure_command(command, folder, runs, accept):
    """Median milliseconds of a command that reads `folder`."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        times.append(time.perf_counter() - start)
        if done.returncode not in accept:
            raise SystemExit('%s: exit %d: %s' % (command[0], done.returncode, done.stderr.decode()[-500:]))
    return statistics.median(times) * 1000


def models_time(lintel, folder, runs):
    """Median milliseconds that reading and linking take, as tests/tools/models says it."""
    tool = os.path.join(os.path.dirname(lintel), 'tests/tools/models')
    files = sorted(glob.glob(os.path.join(folder, 'app', '*.py')))
    times = []
    for _ in range(runs):
        done = subprocess.run([tool, '-t', '-d', 'postgresql'] + files, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        read, link = re.match(r'read (\d+) us, link (\d+) us', done.stderr.decode()).groups()
        times.append((int(read) + int(link)) / 1000)
    return statistics.median(times)


def peak_of(command, folder):
    """Peak MiB of one run. Sampled: what the kernel accounts to a child begins with the size of the process that
    started it, which is ours."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        try:
            with open('/proc/%d/status' % process.pid) as status:
                peak = max([peak] + [int(line.split()[1]) for line in status if line.startswith('VmHWM:')])
        except OSError:
            pass
        time.sleep(0.0005)
    return peak / 1024


def find_squawk():
    found = [path for path in glob.glob(os.path.join(PEERS, '@squawk-cli/*/bin/squawk')) if os.access(path, os.X_OK)]
    return found[0] if found else None


def find_prisma():
    """Prisma's own language server, as an editor starts it."""
    path = os.path.join(PEERS, '@prisma/language-server/dist/bin.js')
    return ['node', path, '--stdio'] if os.path.exists(path) and shutil.which('node') else None


def number(value):
    if value is None:
        return '-'
    return '%.2f' % value if value < 10 else '%.1f' % value if value < 100 else '%.0f' % value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--lintel', default='build/release/lintel')
    parser.add_argument('--runs', type=int, default=5)
    parser.add_argument('--without-peers', action='store_true')
    options = parser.parse_args()
    lintel = os.path.abspath(options.lintel)
    squawk = None if options.without_peers else find_squawk()
    peers = {'squawk': [squawk, 'server'] if squawk else None, 'Prisma': None if options.without_peers else find_prisma()}
    documents = {
        '60 lines': ('20240101000000_add_orders.sql', generate.one_migration()),
        '5,000 lines': ('schema.sql', generate.schema_of_lines(5000)),
        '1 MB': ('schema.sql', generate.schema_of_bytes(1 << 20)),
        '1,500 lines of Prisma': ('schema.prisma', generate_prisma.schema_of_lines(1500)),
    }
    print('%s, %d processors. Times in ms, memory in MiB; medians of %d runs.' % (platform.machine(), os.cpu_count(), options.runs))
    load = os.getloadavg()[0]
    if load > 0.7:
        print('  The machine is busy (load %.1f): the figures are too high, the ratios may be right.' % load)
    for title, (_, text) in documents.items():
        print('  %s: %d lines, %d bytes' % (title, text.count('\n'), len(text)))

    figures = {}
    for title, (name, text) in documents.items():
        peer = 'Prisma' if name.endswith('.prisma') else 'squawk'
        for who, command in (('lintel', [lintel, 'lsp']), ('peer', peers[peer])):
            if not command:
                continue
            runs = options.runs if who == 'lintel' or title != '1 MB' else min(options.runs, 2)
            samples = measure_server(command, name, text, runs)
            if title == '60 lines':
                figures['start to initialize', who] = statistics.median(samples['init'])
            if name.endswith('.prisma'):
                figures['start to initialize: Prisma', who] = statistics.median(samples['init'])
            for what in ('open', 'edit', 'memory'):
                figures['%s: %s' % (title, what), who] = statistics.median(samples[what])

    folder = tempfile.mkdtemp(prefix='lintel-bench-')
    try:
        migrations = os.path.join(folder, 'migrations')
        n_files = generate.write_migrations(1 << 20, migrations)
        print('  migrations: %d files' % n_files)
        check = [lintel, 'check', '--fail-on', 'never', 'migrations']
        figures[CHECK, 'lintel'] = measure_command(check, folder, options.runs, (0,))
        figures[CHECK + ': memory', 'lintel'] = peak_of(check, folder)
        if squawk:
            # Its plain reporter: the default one's rendering would be most of its time.
            check = [squawk, '--reporter', 'gcc'] + sorted(glob.glob(os.path.join(migrations, '*.sql')))
            figures[CHECK, 'peer'] = measure_command(check, folder, options.runs, (0, 1))
            figures[CHECK + ': memory', 'peer'] = peak_of(check, folder)
        n_bytes = generate_models.write_package(500, os.path.join(folder, 'app'))
        print('  500 SQLAlchemy models: %d bytes' % n_bytes)
        figures['500 SQLAlchemy models: read and linked', 'lintel'] = models_time(lintel, folder, options.runs)
    finally:
        shutil.rmtree(folder)

    rows = list(BUDGETS) + ['start to initialize: Prisma', CHECK, CHECK + ': memory']
    failed = 0
    print('\n%-34s %10s %10s %9s %10s  %s' % ('', 'lintel', 'peer', 'ratio', 'budget', 'verdict'))
    for what in rows:
        ours, theirs = figures[what, 'lintel'], figures.get((what, 'peer'))
        budget = BUDGETS.get(what) if what != CHECK else theirs * CHECK_RATIO if theirs else None
        verdict = '' if budget is None else 'pass' if ours <= budget else 'FAIL'
        failed += verdict == 'FAIL'
        print('%-34s %10s %10s %9s %10s  %s' % (what, number(ours), number(theirs), '%.1fx' % (theirs / ours) if theirs else '-', number(budget), verdict))
    print('\nThe peer is squawk, and for Prisma schemas the language server of Prisma. ratio: how many times as much it needs.')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
