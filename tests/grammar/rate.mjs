// rate.mjs - how well the SQL grammar reads real SQL. Started by rate.sh.
//
//   node rate.mjs TREE_DUMP FOLDER [--failures N] [--no-containment]
//
// For each dialect (taken from a file's path, postgresql otherwise):
//   error-free   statements without ERROR, MISSING, missing_close or unparsed_item
//   structured   error-free and without an opaque node (other_*, ...)
// PostgreSQL statements count if PostgreSQL's own parser (libpg-query) accepts them; the others
// have no such judge, so every statement counts. For PostgreSQL the tree is also compared
// with the parser's: names, types and keys of CREATE TABLE, ALTER TABLE and CREATE INDEX.
// Containment: one statement of a file is damaged; the trees of all others must stay.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { spawnSync } from 'node:child_process';

const [dump, folder, ...options] = process.argv.slice(2);
const failuresShown = options.includes('--failures') ? Number(options[options.indexOf('--failures') + 1]) : 0;
const require = createRequire(process.env.LINTEL_ORACLE ? path.join(process.env.LINTEL_ORACLE, 'x.js') : import.meta.url);
let oracle = null;
try {
  oracle = require('libpg-query');
  await oracle.loadModule();
} catch {
  console.log('# libpg-query is not installed: PostgreSQL statements are counted without its judgement');
}

const NAMED = 1, MISSING = 2, ERROR = 4;
const BROKEN = new Set(['missing_close', 'unparsed_item']);

// ---------------------------------------------------------------- trees

function parseAll(texts) {
  const trees = [];
  for (let from = 0; from < texts.length; ) {
    let size = 0, to = from;
    const frames = [];
    while (to < texts.length && (to === from || size < 4e6)) {
      const bytes = Buffer.from(texts[to]);
      frames.push(Buffer.from(`${bytes.length}\n`), bytes);
      size += bytes.length;
      to++;
    }
    const run = spawnSync(dump, [], { input: Buffer.concat(frames), maxBuffer: 1 << 30 });
    if (run.status !== 0) throw new Error(`tree_dump failed: ${run.stderr}`);
    const lines = run.stdout.toString().split('\n');
    for (let i = from; i < to; i++) trees.push(JSON.parse(lines[i - from]));
    from = to;
  }
  return trees;
}

const children = node => node.slice(5);
function* walk(node) {
  yield node;
  for (const child of children(node)) yield* walk(child);
}
const isBroken = node => (node[4] & (MISSING | ERROR)) !== 0 || BROKEN.has(node[0]);
const isOpaque = node => (node[4] & NAMED) !== 0 && node[0].startsWith('other_');
function judge(tree) {
  let errorFree = true, structured = true, opaqueKinds = [];
  for (const node of walk(tree)) {
    if (isBroken(node)) errorFree = false;
    if (isOpaque(node)) {
      structured = false;
      opaqueKinds.push(node[0]);
    }
  }
  return { errorFree, structured: structured && errorFree, opaqueKinds };
}
const statementsOf = tree => children(tree).filter(n => (n[4] & NAMED) !== 0 && !['comment', 'meta_command', 'copy_data'].includes(n[0]));

// Reading a tree the way a frontend would.
class Reader {
  constructor(text) {
    this.bytes = Buffer.from(text);
  }
  text(node) {
    return this.bytes.subarray(node[2], node[3]).toString();
  }
  field(node, name) {
    return children(node).find(n => n[1] === name);
  }
  fields(node, name) {
    return children(node).filter(n => n[1] === name);
  }
  name(node) {
    const text = this.text(node);
    if (node[0] === 'quoted_identifier') return text.slice(1, -1).replaceAll('""', '"');
    return text.toLowerCase();
  }
  qualified(node) {
    return children(node).filter(n => n[1] === 'qualifier' || n[1] === 'name').map(n => this.name(n)).join('.');
  }
  type(node) {
    const name = this.qualified(this.field(node, 'name')).split('.').at(-1);
    const words = this.fields(node, 'word').map(n => this.name(n));
    const zone = this.field(node, 'time_zone');
    const timed = zone && this.text(zone).toLowerCase().startsWith('with ') ? 'tz' : '';
    const text = [name, ...words].join(' ') + timed;
    return TYPE_ALIASES[text] ?? (name === 'interval' ? 'interval' : text);
  }
  column(node) {
    const type = this.field(node, 'type');
    return [this.name(this.field(node, 'name')), type ? this.type(type) : ''];
  }
}
const TYPE_ALIASES = {
  int: 'int4', integer: 'int4', smallint: 'int2', bigint: 'int8', real: 'float4', float: 'float8', 'double precision': 'float8', decimal: 'numeric', dec: 'numeric',
  boolean: 'bool', 'character varying': 'varchar', 'char varying': 'varchar', character: 'bpchar', char: 'bpchar', 'bit varying': 'varbit', timestamptz: 'timestamptz', 'national character varying': 'varchar', nchar: 'bpchar',
};

// ------------------------------------------------------- what PostgreSQL reads

const str = node => node.String?.sval ?? '';
function oracleColumn(definition) {
  const names = definition.typeName?.names?.map(str) ?? [];
  return [definition.colname ?? '', TYPE_ALIASES[names.at(-1)] ?? names.at(-1) ?? ''];
}
const rangeName = range => [range.schemaname, range.relname].filter(Boolean).join('.');
function oracleFacts(stmt) {
  if (stmt.CreateStmt) {
    const facts = { columns: [], keys: [], constraints: 0 };
    for (const element of stmt.CreateStmt.tableElts ?? []) {
      if (element.ColumnDef) {
        facts.columns.push(oracleColumn(element.ColumnDef));
        for (const c of element.ColumnDef.constraints ?? []) if (c.Constraint.contype === 'CONSTR_FOREIGN') facts.keys.push(rangeName(c.Constraint.pktable));
      } else if (element.Constraint?.contype === 'CONSTR_FOREIGN') facts.keys.push(rangeName(element.Constraint.pktable));
      if (element.Constraint) facts.constraints++;
    }
    return facts;
  }
  if (stmt.AlterTableStmt && stmt.AlterTableStmt.objtype === 'OBJECT_TABLE') {
    const facts = { actions: [], columns: [], keys: [] };
    for (const { AlterTableCmd: c } of stmt.AlterTableStmt.cmds) {
      facts.actions.push(c.subtype);
      if (c.subtype === 'AT_AddColumn') {
        facts.columns.push(oracleColumn(c.def.ColumnDef));
        for (const k of c.def.ColumnDef.constraints ?? []) if (k.Constraint.contype === 'CONSTR_FOREIGN') facts.keys.push(rangeName(k.Constraint.pktable));
      } else if (c.subtype === 'AT_AlterColumnType') facts.columns.push([c.name, oracleColumn(c.def.ColumnDef)[1]]);
      else if (c.subtype === 'AT_AddConstraint' && c.def.Constraint.contype === 'CONSTR_FOREIGN') facts.keys.push(rangeName(c.def.Constraint.pktable));
      else if (c.subtype === 'AT_DropColumn') facts.columns.push([c.name, 'dropped']);
    }
    facts.actions = facts.actions.length;
    return facts;
  }
  if (stmt.IndexStmt) {
    const s = stmt.IndexStmt;
    return {
      table: rangeName(s.relation),
      columns: (s.indexParams ?? []).map(p => p.IndexElem.name ?? '(expression)'),
      include: (s.indexIncludingParams ?? []).map(p => p.IndexElem.name),
      flags: [s.unique, s.concurrent, s.whereClause !== undefined].map(Boolean),
    };
  }
  return null;
}

// The same facts from our tree.
function ourFacts(statement, text) {
  const r = new Reader(text);
  if (statement[0] === 'create_table') {
    const elements = r.field(statement, 'elements') ?? r.field(children(statement).find(n => n[0] === 'partition_of' || n[0] === 'of_type') ?? statement, 'elements');
    const facts = { columns: [], keys: [], constraints: 0 };
    for (const element of elements ? children(elements) : []) {
      if (element[0] === 'column_definition') {
        facts.columns.push(r.column(element));
        for (const c of children(element)) if (c[0] === 'references') facts.keys.push(r.qualified(r.field(c, 'table')));
      } else if (element[0].endsWith('_constraint')) {
        facts.constraints++;
        if (element[0] === 'foreign_key_constraint') facts.keys.push(r.qualified(r.field(r.field(element, 'references'), 'table')));
      }
    }
    return facts;
  }
  if (statement[0] === 'alter_table') {
    const facts = { actions: 0, columns: [], keys: [] };
    let behindName = false;
    for (const action of children(statement)) {
      if (action[1] === 'name') behindName = true;
      else if (behindName && (action[4] & NAMED) && action[0] !== 'comment') {
        facts.actions++;
        if (action[0] === 'add_column') {
          const column = r.field(action, 'column');
          facts.columns.push(r.column(column));
          for (const c of children(column)) if (c[0] === 'references') facts.keys.push(r.qualified(r.field(c, 'table')));
        } else if (action[0] === 'alter_column') {
          const change = r.field(action, 'change');
          if (change[0] === 'set_type') facts.columns.push([r.name(r.field(action, 'name')), r.type(r.field(change, 'type'))]);
        } else if (action[0] === 'drop_column') facts.columns.push([r.name(r.field(action, 'name')), 'dropped']);
        else if (action[0] === 'add_constraint') {
          const c = r.field(action, 'constraint');
          if (c[0] === 'foreign_key_constraint') facts.keys.push(r.qualified(r.field(r.field(c, 'references'), 'table')));
        }
      }
    }
    return facts;
  }
  if (statement[0] === 'create_index') {
    const include = r.field(statement, 'include');
    const has = token => children(statement).some(n => n[0] === token);
    return {
      table: r.qualified(r.field(statement, 'table')),
      columns: children(r.field(statement, 'columns')).filter(n => n[0] === 'index_element').map(n => (r.field(n, 'column') ? r.name(r.field(n, 'column')) : '(expression)')),
      include: include ? r.fields(r.field(include, 'columns'), 'column').map(n => r.name(n)) : [],
      flags: [has('UNIQUE'), has('CONCURRENTLY'), r.field(statement, 'where') !== undefined],
    };
  }
  return null;
}

// --------------------------------------------------------------- the corpus

function* sqlFiles(at) {
  for (const entry of fs.readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const full = path.join(at, entry.name);
    if (entry.isDirectory()) yield* sqlFiles(full);
    else if (entry.isFile() && entry.name.endsWith('.sql')) yield full;
  }
}
function dialectOf(file) {
  const at = path.relative(folder, file).toLowerCase();
  if (/mysql|mariadb/.test(at)) return 'mysql';
  if (/sqlite/.test(at)) return 'sqlite';
  if (/tsql|sqlserver|mssql|sql-server/.test(at)) return 'sqlserver';
  return 'postgresql';
}

// PostgreSQL's statements of a file: by its own parser if it takes the file whole, else each of ours that it takes alone.
function acceptedStatements(text, tree) {
  const bytes = Buffer.from(text);
  try {
    return oracle.parseSync(text).stmts.map(s => {
      const from = s.stmt_location ?? 0;
      return { text: bytes.subarray(from, s.stmt_len ? from + s.stmt_len : bytes.length).toString(), oracle: s.stmt };
    });
  } catch {
    const accepted = [];
    for (const node of statementsOf(tree)) {
      const own = bytes.subarray(node[2], node[3]).toString();
      try {
        const stmts = oracle.parseSync(own).stmts;
        if (stmts.length === 1) accepted.push({ text: own, oracle: stmts[0].stmt });
      } catch {
        /* not PostgreSQL's */
      }
    }
    return accepted;
  }
}

const files = [...sqlFiles(folder)].map(file => ({ file, dialect: dialectOf(file), text: fs.readFileSync(file, 'utf8') }));
const trees = parseAll(files.map(f => f.text));
const rates = new Map();
const compared = { 'CREATE TABLE': [0, 0], 'ALTER TABLE': [0, 0], 'CREATE INDEX': [0, 0] };
const opaque = new Map();
const show = (what, f, text) => {
  if (shown++ < failuresShown) console.log(`# ${what} ${path.relative(folder, f.file)}: ${text.trim().replace(/\s+/g, ' ').slice(0, 300)}`);
};
let shown = 0;
for (const [i, f] of files.entries()) {
  const rate = rates.get(f.dialect) ?? { files: 0, statements: 0, errorFree: 0, structured: 0 };
  rates.set(f.dialect, rate);
  rate.files++;
  f.tree = trees[i];
  const bytes = Buffer.from(f.text);
  f.statements = f.dialect === 'postgresql' && oracle ? acceptedStatements(f.text, f.tree) : statementsOf(f.tree).map(n => ({ text: bytes.subarray(n[2], n[3]).toString() }));
}
const all = files.flatMap(f => f.statements.map(s => ({ ...s, f })));
const alone = parseAll(all.map(s => s.text));
for (const [i, s] of all.entries()) {
  const rate = rates.get(s.f.dialect);
  const verdict = judge(alone[i]);
  rate.statements++;
  rate.errorFree += verdict.errorFree;
  rate.structured += verdict.structured;
  for (const kind of verdict.opaqueKinds) opaque.set(`${s.f.dialect} ${kind}`, (opaque.get(`${s.f.dialect} ${kind}`) ?? 0) + 1);
  if (!verdict.errorFree) show('error', s.f, s.text);
  else if (!verdict.structured) show(`opaque ${verdict.opaqueKinds}`, s.f, s.text);
  if (s.oracle) {
    const expected = oracleFacts(s.oracle);
    if (expected) {
      const kind = s.oracle.CreateStmt ? 'CREATE TABLE' : s.oracle.IndexStmt ? 'CREATE INDEX' : 'ALTER TABLE';
      const statement = statementsOf(alone[i])[0];
      let found = null;
      try {
        found = statement && ourFacts(statement, s.text);
      } catch {
        /* a damaged tree has no facts */
      }
      const isEqual = JSON.stringify(found) === JSON.stringify(expected);
      compared[kind][0]++;
      compared[kind][1] += isEqual;
      if (!isEqual) show(`differs\n#   expected ${JSON.stringify(expected)}\n#   found    ${JSON.stringify(found)}\n#  `, s.f, s.text);
    }
  }
}

// -------------------------------------------------------------- containment

// A small generator of pseudo-random numbers, so that two runs damage the same places.
let seed = 20261122;
function random(below) {
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return (seed >>> 0) % below;
}
const DAMAGES = {
  'token deleted': (t, at) => t.slice(0, at.offset) + t.slice(at.offset + at.word.length),
  'token doubled': (t, at) => t.slice(0, at.offset) + `${at.word} ` + t.slice(at.offset),
  'cut short': (t, at) => t.slice(0, at.offset),
  '( inserted': (t, at) => t.slice(0, at.offset) + '(' + t.slice(at.offset),
  ') inserted': (t, at) => t.slice(0, at.offset) + ')' + t.slice(at.offset),
  "' inserted": (t, at) => t.slice(0, at.offset) + "'" + t.slice(at.offset),
};
const normalized = (node, base) => JSON.stringify(node, (_, v) => v).replace(/,(\d+),(\d+),(\d)(?=[,\]])/g, (_, a, b, c) => `,${a - base},${b - base},${c}`);

function containment() {
  const rows = Object.fromEntries(Object.keys(DAMAGES).map(k => [k, { trials: 0, spilled: 0, lost: 0 }]));
  const candidates = files.filter(f => judge(f.tree).errorFree && statementsOf(f.tree).length >= 4 && f.text.length < 60000);
  if (candidates.length === 0) return rows;
  const trials = [];
  for (let n = 0; n < 1200; n++) {
    const f = candidates[random(candidates.length)];
    const bytes = Buffer.from(f.text);
    const nodes = statementsOf(f.tree);
    const victim = random(nodes.length - 1);
    const [from, to] = [nodes[victim][2], nodes[victim][3]];
    const text = bytes.subarray(from, to).toString();
    // Not inside a quoted text or comment: damage there is no syntax, and a cut there leaves a quote open.
    const masked = text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|(\$\w*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\//g, quoted => ' '.repeat(quoted.length));
    const tokens = [...masked.matchAll(/\w+|[^\s\w]/g)];
    if (tokens.length < 4 || /['"`\\]/.test(masked)) continue;
    const token = tokens[1 + random(tokens.length - 1)];
    const kind = Object.keys(DAMAGES)[n % 6];
    const damaged = DAMAGES[kind](text, { word: token[0], offset: token.index });
    const whole = Buffer.concat([bytes.subarray(0, from), Buffer.from(damaged), bytes.subarray(to)]).toString();
    trials.push({ kind, whole, damaged, others: nodes.filter((_, i) => i !== victim).map(x => normalized(x, x[2])) });
  }
  const after = parseAll(trials.map(t => t.whole));
  for (const [i, t] of trials.entries()) {
    const present = new Map();
    for (const node of statementsOf(after[i])) {
      const key = normalized(node, node[2]);
      present.set(key, (present.get(key) ?? 0) + 1);
    }
    let lost = 0;
    for (const other of t.others) {
      const n = present.get(other) ?? 0;
      if (n === 0) lost++;
      else present.set(other, n - 1);
    }
    rows[t.kind].trials++;
    rows[t.kind].spilled += lost > 0;
    rows[t.kind].lost += lost;
    if (lost > 0 && t.kind !== "' inserted" && shown++ < failuresShown) console.log(`# spilled (${t.kind}): ${t.damaged.replace(/\s+/g, ' ').slice(0, 300)}`);
  }
  return rows;
}

// ------------------------------------------------------------------- report

const percent = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(2)} %` : '-');
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
row('dialect', 'files', 'statements', 'error-free', 'structured');
row('---', '---', '---', '---', '---');
for (const [dialect, r] of [...rates].sort()) row(dialect, r.files, r.statements, percent(r.errorFree, r.statements), percent(r.structured, r.statements));
if (oracle) {
  console.log('\nTrees compared with PostgreSQL\'s parser (names, types, foreign keys, actions; index columns):');
  row('kind', 'statements', 'equal');
  row('---', '---', '---');
  for (const [kind, [n, equal]] of Object.entries(compared)) row(kind, n, percent(equal, n));
}
console.log('\nOpaque nodes: ' + ([...opaque].sort((a, b) => b[1] - a[1]).map(([k, n]) => `${k} ${n}`).join(', ') || 'none'));
if (!options.includes('--no-containment')) {
  console.log('\nOne statement damaged in a whole file; did another one change?');
  row('damage', 'trials', 'spilled', 'statements lost');
  row('---', '---', '---', '---');
  for (const [kind, r] of Object.entries(containment())) row(kind, r.trials, r.spilled, r.lost);
}
