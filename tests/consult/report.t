#!/usr/bin/env python3
"""What must hold of every offline report, whatever the schema: the sections and their order, places that are there,
statements that apply, JSON and Markdown that agree, rules that are obeyed, and no sentence that two projects share."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
BINARY = os.path.abspath(os.environ.get('LINTEL') or os.path.join(TOP, 'build/debug/lintel'))
SAMPLES = os.path.join(TOP, 'tests', 'consult', 'samples')
CORPUS = os.environ.get('LINTEL_CORPUS') or os.path.join(TOP, '..', 'shared', 'corpus')
HEADINGS = ['Current State Assessment', 'Data Modeling Strategy', 'Performance Optimization Guidelines',
            'Scaling and Architecture Framework', 'Migration and Evolution Strategy', 'Implementation Roadmap',
            'Backup and Recovery Planning', 'Technology-Specific Recommendations']
# Said of any schema, because it introduces what follows or closes it.
FIXED = {'Checked: each was replayed on the schema above and judged by Lintel\'s migration rules.'}
# A home without agents, so that the one in the binary is asked.
ENVIRONMENT = dict(os.environ, HOME='/nonexistent')
# Roots in the corpus that hold several databases are given as their parts.
CORPUS_PROJECTS = ['trigger.dev/internal-packages/database', 'trigger.dev/internal-packages/run-ops-database',
                   'amplication/packages/amplication-prisma-db', 'amplication/packages/amplication-plugin-api',
                   'hoppscotch', 'saas-starter-kit', 'chatbot-ui', 'supabase-auth', 'pagila/pagila-schema.sql',
                   'sakila/mysql', 'sakila/pg', 'sakila/sqlite', 'openfga/assets/migrations/postgres',
                   'memos/store/migration/sqlite/LATEST.sql']

count = 0
failed = False


def check(is_good, name, details=()):
    global count, failed
    count += 1
    failed = failed or not is_good
    print('%sok %d - %s' % ('' if is_good else 'not ', count, name))
    if not is_good:
        for line in list(details)[:20]:
            print('#   ' + str(line)[:400])
    return is_good


def lintel(*words, folder=None):
    return subprocess.run([BINARY, *words], cwd=folder or TOP, env=ENVIRONMENT, capture_output=True, text=True)


def reports_of(path, *words, folder=None):
    """The reports as JSON, a list, and the Markdown of all."""
    as_json = lintel('consult', path, '--format', 'json', *words, folder=folder)
    as_text = lintel('consult', path, *words, folder=folder)
    if as_json.returncode or as_text.returncode:
        raise RuntimeError(as_json.stderr + as_text.stderr)
    parsed = json.loads(as_json.stdout)
    return parsed if isinstance(parsed, list) else [parsed], as_text.stdout


def items_of(report):
    return [item for section in report['sections'] for item in section['items']]


def statements_of(report):
    return [statement for step in report['roadmap'] for statement in step['statements']]


def sentences_of(report):
    """The sentences of the items, split behind full stops that end one; code spans are kept whole."""
    for item in items_of(report):
        for text in (item['title'], item['body']):
            for sentence in re.split(r'(?<=\.) (?=[A-Z`])', text or ''):
                if len(sentence) > 25:
                    yield sentence.strip()


def check_references(name, reports, folder):
    wrong = []
    for report in reports:
        places = [place for item in items_of(report) for place in item['evidence']]
        places += [place for one in report['assessment'].values() for place in one['references']]
        for place in places:
            path = os.path.join(folder or TOP, place['file'])
            try:
                with open(path, encoding='utf-8', errors='replace', newline='') as file:
                    lines = re.split(r'\r\n|\n|\r', file.read())
                line = lines[place['line'] - 1]
            except (OSError, IndexError) as error:
                wrong.append('%s:%s: %s' % (place['file'], place['line'], error))
                continue
            if (place['name'] or '').strip() not in line or not place['found']:
                wrong.append('%s:%s does not hold %r' % (place['file'], place['line'], place['name']))
    check(not wrong, '%s: every place is there and holds what it names' % name, wrong)


def check_project(name, path, folder=None):
    reports, text = reports_of(path, folder=folder)
    headings = re.findall(r'(?m)^## (.+)$', text)
    check(headings == HEADINGS * len(reports), '%s: eight sections in their order' % name, headings)
    check(all([s['title'] for s in r['sections']] == HEADINGS and all(s['items'] for s in r['sections']) for r in reports),
          '%s: no section is empty' % name)
    check_references(name, reports, folder)
    statements = [statement for report in reports for statement in statements_of(report)]
    wrong = [s['sql'] + ': ' + str(s['check']['problem']) for s in statements if not s['check']['applies']]
    check(not wrong, '%s: %d statements apply' % (name, len(statements)), wrong)
    left = [a for s in statements for a in s['answers'] if a['gone'] is not True]
    check(not left, '%s: the findings that they answer are gone' % name, left)
    notes = [note for report in reports for note in report['roadmap_notes']]
    check(not notes, '%s: the roadmap raises nothing new' % name, notes)
    missing = [item['title'] for report in reports for item in items_of(report) if item['title'] and item['title'] not in text]
    missing += [s['sql'] for s in statements if s['sql'] not in text]
    missing += [s for report in reports for s in report['suggestions'] if s not in text]
    check(not missing, '%s: Markdown says what JSON says' % name, missing)
    steps = [step['step'] for report in reports for step in report['roadmap']]
    named = [n for report in reports for item in items_of(report) for n in item['steps']]
    check(set(named) <= set(steps), '%s: items name steps that are there' % name, named)
    again = lintel('consult', path, folder=folder).stdout
    check(again == text, '%s: the same bytes again' % name)
    tables = {key.split('.')[-1] for report in reports for item in items_of(report) for key in item['tables']}
    bare = [s for report in reports for s in sentences_of(report)
            if not re.search(r'[`0-9_]|\w\.\w|\(\w+\)|Supabase|Prisma', s) and s not in FIXED
            and not tables & set(re.findall(r'\w+', s))]
    check(not bare, '%s: every sentence has a name, a place or a number' % name, bare)
    return reports


def check_shared(all_sentences):
    """No sentence stands in the reports of two projects."""
    seen, shared = {}, []
    for name, sentences in all_sentences:
        for sentence in set(sentences):
            # Two projects may have tables of one name; then a sentence about them may be the same. Siblings
            # (shop, shop-flask) are one schema in several languages.
            is_sibling = seen.get(sentence, '').split('-')[0] == name.split('-')[0]
            if sentence in seen and sentence not in FIXED and '`' not in sentence and not is_sibling:
                shared.append('%s and %s: %s' % (seen[sentence], name, sentence))
            seen.setdefault(sentence, name)
    check(not shared, 'no sentence is in the reports of two projects', shared)


def check_advice():
    """What the samples were made for."""
    library = reports_of('tests/consult/samples/library')[0][0]
    sql = [s['sql'] for s in statements_of(library)]
    check(any('(member_id, state, due_at)' in s for s in sql) and not any('(member_id)' in s for s in sql),
          'library: one index serves the query and the foreign key')
    check(any('ON subjects (copy_id, subject_id)' in s for s in sql) and not any('subjects (copy_id)' in s for s in sql),
          'library: the key of the link table is the index of its foreign key')
    check(any('(lower(email))' in s for s in sql), 'library: the address is unique whatever its case')
    titles = [item['title'] or '' for item in items_of(library)]
    check(any('members.password' in t for t in titles), 'library: the password is mentioned')
    check(any('loan_events' in t and 'grows' in t for t in titles), 'library: the events grow')
    check(not any('members.email' in t and 'inside' in t for t in titles),
          'library: the index on small letters is not asked for twice')
    notes = reports_of('tests/consult/samples/notes')[0][0]
    sql = [s['sql'] for s in statements_of(notes)]
    check(any(s.startswith('ALTER POLICY') and s.count('(SELECT auth.uid())') == 2 for s in sql),
          'notes: the policy asks once for each statement')
    check(any('`attachments`' in (item['title'] or '') and item['priority'] == 'high' for item in notes['sections'][7]['items']),
          'notes: the table without row level security is named')
    check(any('notes (user_id)' in s for s in sql), 'notes: what the policy compares is indexed')
    clinic = reports_of('tests/consult/samples/clinic')[0][0]
    check(all(s['dialect'] == 'mysql' and 'CONCURRENTLY' not in s['sql'] and not s['lock'] for s in statements_of(clinic)),
          'clinic: MySQL is spoken to as MySQL')
    diary = reports_of('tests/consult/samples/diary')[0][0]
    check([s['sql'] for s in statements_of(diary)] == ['CREATE INDEX entry_person_id_day_idx ON entry (person_id, day DESC);'],
          'diary: one index, newest first')


DETAILS = """
CREATE TABLE parents (id bigint PRIMARY KEY);
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL DEFAULT '', "userName" text, "deletedAt" timestamptz,
                    UNIQUE ("userName"));
CREATE TABLE loose (id int NOT NULL, seen_at timestamp, label text);
CREATE TABLE parts (id bigint NOT NULL, parent_id bigint NOT NULL, paid_at timestamptz NOT NULL) PARTITION BY RANGE (paid_at);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE parts_3 PARTITION OF parts FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
ALTER TABLE parts_1 ADD FOREIGN KEY (parent_id) REFERENCES parents (id);
ALTER TABLE parts_2 ADD FOREIGN KEY (parent_id) REFERENCES parents (id);
CREATE INDEX parts_1_parent ON parts_1 (parent_id);
CREATE VIEW sums AS SELECT u.id, (SELECT count(*) FROM parts p WHERE p.parent_id = u.id) AS n FROM users u;
CREATE FUNCTION last_part(wanted bigint) RETURNS timestamptz LANGUAGE sql AS
    $$ SELECT paid_at FROM parts WHERE parent_id = wanted ORDER BY paid_at DESC LIMIT 1 $$;
"""


def check_details():
    """What reports of real projects had wrong."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, 'schema.sql'), 'w', encoding='utf-8') as file:
            file.write(DETAILS)
        report = reports_of('schema.sql', folder=folder)[0][0]
        text = lintel('consult', 'schema.sql', folder=folder).stdout
    sql = [s['sql'] for s in statements_of(report)]
    check(any('ON users (lower(email)) WHERE email <> ' in s for s in sql), 'details: empty addresses are not unique', sql)
    check('`WHERE "deletedAt" IS NULL`' in text, 'details: a name in a condition is quoted')
    check('2 of the 3 partitions of `parts`' in text and '1 foreign key ties 2 of 4 tables' in text and '(from 1)' not in text and '`parts` stands' not in text,
          'details: foreign keys of partitions are seen')
    undo = ' '.join(str(step['undo']) for step in report['roadmap'])
    built = [s for s in sql if 'INDEX' in s and ' parts' in s]
    check(built and 'CONCURRENTLY parts_' not in undo, 'details: CONCURRENTLY is not asked of a partitioned index', [undo])
    check(any('`loose.id`' in step['title'] and 'primary key' in step['title'] for step in report['roadmap']),
          'details: a key on the id that is there', [step['title'] for step in report['roadmap']])
    zone = [s for s in sql if s.startswith("SET timezone = 'UTC';\nALTER TABLE loose ")]
    check(len(zone) == 1 and "SET timezone = 'UTC'; ALTER TABLE loose " in undo, 'details: what needs one session is one statement', sql)


def check_rules():
    """What .claude/rules.md forbids is not recommended, and the report says so."""
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, '.claude', 'rules'))
        shutil.copy(os.path.join(SAMPLES, 'library', 'schema.sql'), folder)
        with open(os.path.join(folder, '.claude', 'rules.md'), 'w', encoding='utf-8') as file:
            file.write('# Ours\n- ignore float-money, prefer-identity\n- Do not recommend changes to the subjects table.\n'
                       '* never recommend partitions or a read replica: we are small\nignore no-such-rule\n')
        with open(os.path.join(folder, '.claude', 'rules', 'more.md'), 'w', encoding='utf-8') as file:
            file.write('Do not recommend unique emails\n')
        reports, text = reports_of('.', folder=folder)
        report = reports[0]
        check([r['file'] for r in report['rules']] == ['.claude/rules.md', '.claude/rules/more.md'], 'rules: both files are read', report['rules'])
        check(all(len(r['sha256']) == 64 for r in report['rules']), 'rules: their versions are named')
        rules = {item['rule'] for item in items_of(report)} | {a['rule'] for s in statements_of(report) for a in s['answers']}
        check(not rules & {'float-money', 'prefer-identity'}, 'rules: an ignored rule is silent', rules)
        sql = ' '.join(s['sql'] for s in statements_of(report))
        check('subjects' not in sql, 'rules: a table that is not to change is not changed', [sql])
        check('lower(email)' not in sql, 'rules: what is in .claude/rules/ is obeyed')
        scaling = json.dumps(report['sections'][3]['items'])
        check('replica' not in scaling and 'grows' not in scaling, 'rules: forbidden architecture is not recommended', [scaling])
        applied = ' '.join(report['rules_applied'])
        check('withheld' in applied and 'no-such-rule' in applied and '.claude/rules.md:2' in applied,
              'rules: the report says what was applied and what was not understood', report['rules_applied'])
        check('**Rules applied**' in text, 'rules: so does the Markdown')


def check_scopes():
    path = 'tests/consult/samples/library/schema.sql'
    whole = reports_of(path)[0][0]
    table = reports_of(path, '--table', 'loans')[0][0]
    keys = {t for item in items_of(table) for t in item['tables']}
    check('public.loans' in keys and 'public.copies' not in keys, 'table: only it is advised about', keys)
    check(len(items_of(table)) < len(items_of(whole)), 'table: the report is shorter')
    lines = reports_of(path + ':2-8')[0][0]
    keys = {t for step in lines['roadmap'] for t in step['tables']}
    check(keys <= {'public.members'} and 'lines 2 to 8' in lines['scope'], 'selection: only its tables', keys)
    asked = reports_of(path, '--question', 'Is loan events right?')[0][0]
    check('loan_events' in asked['sections'][0]['items'][0]['body'], 'question: the table that it names is answered for')
    nobody = lintel('consult', path, '--table', 'nobody')
    check(nobody.returncode == 2 and 'nobody' in nobody.stderr, 'table: one that is not there is an error', [nobody.stderr])
    check(lintel('consult', '/nonexistent').returncode == 2, 'path: one that is not there is an error')
    check(lintel('consult', path, '--agent', 'nobody').returncode == 2, 'agent: one that is not there is an error')
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, 'report.md')
        check(lintel('consult', path, '--output', target).stdout == '' and os.path.getsize(target) > 1000, 'output: goes to a file')


def check_agents():
    listed = json.loads(lintel('agents', '--format', 'json', folder='/').stdout)['agents']
    check(len(listed) == 1 and listed[0]['used'] and listed[0]['file'] is None and len(listed[0]['tools']) == 8,
          'agents: the one in the binary is always there', listed)
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, '.claude', 'agents'))
        with open(os.path.join(folder, '.claude', 'agents', 'a.md'), 'w', encoding='utf-8') as file:
            file.write('---\nname: database-architect\ndescription: ours: with a colon\n---\nBe brief.\n')
        shutil.copy(os.path.join(SAMPLES, 'library', 'schema.sql'), folder)
        listed = json.loads(lintel('agents', '--format', 'json', folder=folder).stdout)['agents']
        check([a['used'] for a in listed] == [True, False] and listed[0]['problem'], 'agents: the project\'s comes first', listed)
        text = lintel('agents', folder=folder).stdout
        check('* database-architect' in text and 'not strict YAML' in text, 'agents: as text', [text])


def check_hostile():
    """Names are only text: nothing in them becomes markup, a link or a broken table."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, 'schema.sql'), 'w', encoding='utf-8') as file:
            file.write('CREATE TABLE "a|b`c<img src=x>" (id int, "![x](http://e)" timestamp, "password`" text);\n'
                       'CREATE TABLE "t\n## Fake" (id serial PRIMARY KEY, "a" int REFERENCES "a|b`c<img src=x>");\n'
                       'CREATE TABLE loans_log (created_at timestamp, email text);\n')
        reports, text = reports_of('.', folder=folder)
        outside = re.sub(r'(?ms)^(`{3,})\w*\n.*?^\1\n', '', text)
        check(re.findall(r'(?m)^## (.+)$', outside) == HEADINGS, 'hostile names: no heading of theirs')
        prose = re.sub(r'(`+).+?\1', '', outside)
        check('<img' not in re.sub(r'\\<', '', prose) and not re.search(r'(?<!\\)!?\[x\]\(http', prose), 'hostile names: no markup of theirs',
              [line for line in prose.splitlines() if 'img' in line or 'http' in line])
        rows = [re.sub(r'\\\|', '', line) for line in text.splitlines() if line.startswith('|')]
        check(all(line.endswith('|') for line in rows), 'hostile names: tables stay whole', rows)
    for name, content in (('empty', b''), ('binary', bytes(range(256)) * 40), ('unterminated', b"CREATE TABLE a (b text DEFAULT 'x"),
                          ('not UTF-8', b'CREATE TABLE a (b int); -- \xff\xfe\nCREATE TABLE "\xff" (c int);\n')):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, 'schema.sql'), 'wb') as file:
                file.write(content)
            done = lintel('consult', 'schema.sql', '--format', 'json', folder=folder)
            is_good = done.returncode in (0, 2) and (done.returncode == 2 or 'sections' in json.loads(done.stdout))
            check(is_good, 'a file that is %s does no harm' % name, [done.returncode, done.stderr])


def main():
    all_sentences = []
    for name in sorted(os.listdir(SAMPLES)):
        reports = check_project(name, os.path.join('tests', 'consult', 'samples', name))
        all_sentences.append((name, [s for r in reports for s in sentences_of(r)]))
    shop = os.path.join(TOP, 'tests', 'projects')
    for name in sorted(os.listdir(shop)) if os.path.isdir(shop) else []:
        if os.path.isdir(os.path.join(shop, name)):
            reports = check_project(name, os.path.join('tests', 'projects', name))
            all_sentences.append((name, [s for r in reports for s in sentences_of(r)]))
    check_shared(all_sentences)
    if os.path.isdir(CORPUS):
        for path in CORPUS_PROJECTS:
            check_project(path, path, folder=CORPUS)
    else:
        print('# the corpus is not here: real projects are not consulted about')
    check_advice()
    check_details()
    check_rules()
    check_scopes()
    check_agents()
    check_hostile()
    print('1..%d' % count)
    sys.exit(1 if failed else 0)


main()
