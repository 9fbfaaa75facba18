/**
 * A reading grammar for SQL: PostgreSQL, MySQL and MariaDB, SQLite, SQL Server's schema
 * statements. README.md says what the tree looks like; this file says how it comes about.
 *
 * The ideas that everything here rests on:
 *
 * 1. Keywords are words only where the grammar expects them. tree-sitter's keyword
 *    extraction (`word`) reads a word as a keyword when the parse state has it, else as an
 *    identifier. So `type`, `key` or `role` are columns in one place and keywords in
 *    another, and every keyword that is added to a rule takes a word away from the names
 *    that may stand at the same place. Where a keyword and a name compete, the scanner
 *    looks ahead (see the externals whose names end in _ahead).
 *
 * 2. What we do not know is opaque, not an error: `_loose` is any token that is no
 *    structure; a run of it is an other_clause, other_action, other_expression, ... Runs
 *    begin where no name could stand and end at the next keyword the state knows.
 *
 * 3. `;` is never anything but a terminator, so no run and no group can reach the next
 *    statement. A parenthesis still open at `;` is closed by missing_close, a token of no
 *    width; when the parser is lost, the scanner gives unparsed_item, the text up to the next comma, closing parenthesis or `;`, and
 *    every list accepts one as its item.
 *
 * 4. Nothing is ambiguous: `conflicts` is all but empty, precedence decides the rest. A fork of
 *    the parser at every expression would cost more than the whole parse.
 */

/** A keyword, in any case; its node is unnamed and called by its upper-case spelling. */
function K(word) {
  const pattern = word.split('').map(c => (/[a-z]/.test(c) ? `[${c}${c.toUpperCase()}]` : c)).join('');
  return alias(token(new RegExp(pattern)), word.toUpperCase());
}

/** A fixed sequence of keywords, e.g. words('if not exists'). */
const words = text => seq(...text.split(' ').map(K));

/** Any one of the keywords in `text`. */
const one_of = text => choice(...text.split(' ').map(K));

const sep1 = (rule, separator) => seq(rule, repeat(seq(separator, rule)));
const list = rule => sep1(rule, ',');

/** A keyword that is also a common name here: read as a name. */
const as_name = ($, text) => choice(...text.split(' ').map(word => alias(K(word), $.identifier)));

/** Binding strength of what may follow an expression, weakest first (PostgreSQL's order). */
const PREC = {
  loose: -10,
  assign: 1,
  or: 2,
  and: 3,
  not: 4,
  is: 5,
  comparison: 6,
  between: 7,
  operator: 8,
  add: 9,
  multiply: 10,
  power: 11,
  zone: 12,
  collate: 13,
  unary: 14,
  subscript: 15,
  cast: 16,
  call: 17,
  complete: 20,
};

module.exports = grammar({
  name: 'sql',

  // The order is that of `enum Token` in src/scanner.c. "No width": the token takes no text.
  externals: $ => [
    $._semicolon,
    $._go,
    $._implicit_end, //       no width: a new statement begins on this line without a `;` before it
    $.missing_close, //       no width: `)` missing before the terminator
    $._unparsed_start,
    $._unparsed_more,
    $.other_statement,
    $.meta_command,
    $.copy_data,
    $.comment,
    $.string,
    $.dollar_string,
    $.compound_body,
    $._hash_name, //          #temp
    $._stop, //               no width: what comes next does not go on with the expression
    $._query_stop, //         no width: what comes next belongs to the statement around the query
    $._write_stop, //         no width: the end of INSERT, UPDATE, DELETE, MERGE
    $._column_stop, //        no width: the end of a lone name in an index
    $._call_paren, //         `(` after a function's name
    $._length_paren, //       `(` before a number and `)`: an index prefix, no function call
    $._row_paren, //          `(` of a row of VALUES
    $.more_rows, //           all rows behind the first hundred
    $._not_ahead, //          no width: NOT before IN, LIKE, BETWEEN ...
    $._key_ahead, //          KEY, INDEX that begins an index definition
    $._fulltext_ahead, //     FULLTEXT, SPATIAL likewise
    $._period_ahead, //       PERIOD FOR
    $._charset_ahead, //      CHARACTER, CHAR before SET
    $._typed_literal_ahead, // no width: a type of several words or with arguments, then a string
    $._interval_ahead, //     INTERVAL value unit
    $._top_ahead, //          TOP 10, TOP (10)
    $._comma_column_ahead, // `,` before a further column of SQL Server's ALTER TABLE ... ADD
    // Never given; the scanner looks whether they are valid to know where it is.
    $._elements_ahead, //     after CREATE SCHEMA, whose elements are statements of their own
    $._body_ahead, //         in a routine's head: a statement may be its body
    $._in_type, //            after a type in an expression
    $._error_sentinel, //     the parser is recovering
  ],

  extras: $ => [/[\s\u00a0\ufeff\u2000-\u200b\u3000]/, $.comment],

  word: $ => $.identifier,

  inline: $ => [$._setting_scope, $._any_operator, $._select_quantifier, $._argument_quantifier, $._insert_target],

  conflicts: $ => [],

  supertypes: $ => [],

  rules: {
    source_file: $ =>
      seq(
        repeat(
          choice(
            seq($._statement, $._end),
            seq(alias($._copy_from_stdin, $.copy_statement), $._end, optional($.copy_data)),
            $._end,
            $.meta_command,
          ),
        ),
        optional(choice($._statement, alias($._copy_from_stdin, $.copy_statement))),
      ),

    _end: $ => choice(alias($._semicolon, ';'), alias($._go, 'GO'), $._implicit_end),

    _statement: $ =>
      choice(
        $.other_statement,
        $.unparsed_item,
        $.create_table,
        $.alter_table,
        $.create_index,
        $.create_view,
        $.create_type,
        $.alter_type,
        $.create_domain,
        $.alter_domain,
        $.create_sequence,
        $.alter_sequence,
        $.create_function,
        $.create_trigger,
        $.create_policy,
        $.alter_policy,
        $.create_schema,
        $.create_extension,
        $.create_object,
        $.alter_object,
        $.alter_default_privileges,
        $.drop_statement,
        $.grant_statement,
        $.revoke_statement,
        $.comment_statement,
        $.do_statement,
        $.set_statement,
        $.reset_statement,
        $.pragma_statement,
        $.transaction_statement,
        $.truncate_statement,
        $.rename_statement,
        $.refresh_statement,
        $.reindex_statement,
        $.maintenance_statement,
        $.lock_statement,
        $.copy_statement,
        $.call_statement,
        $.explain_statement,
        $.use_statement,
        $.return_statement,
        $.query,
        $.insert_statement,
        $.update_statement,
        $.delete_statement,
        $.merge_statement,
      ),

    // ------------------------------------------------------------------ names

    // A name in square brackets is its own token, because after an expression or a type
    // `[` is a subscript: such places take _plain_name.
    _plain_name: $ => prec(1, choice($.identifier, $.quoted_identifier, $.template)),
    _name: $ => choice($._plain_name, alias($._bracket_identifier, $.quoted_identifier)),

    _qualifiers: $ =>
      choice(
        seq(field('qualifier', $._name), '.'),
        seq($._qualifiers, field('qualifier', $._name), '.'),
        seq($._qualifiers, '.'), // SQL Server: database..table
      ),
    object_name: $ => prec(PREC.call, seq(optional($._qualifiers), field('name', $._name))),

    // Where a table stands: also SQL Server's #temporary; where it is read or written, also a
    // @variable and psql's :variable. Not in definitions: there a parameter would be a
    // place for the parser to go back to from any damage that looks like one.
    _relation_name: $ => choice($.object_name, alias($._hash_relation, $.object_name)),
    _hash_relation: $ => field('name', alias($._hash_name, $.identifier)),
    _used_relation: $ => choice($._relation_name, alias($._variable_relation, $.object_name)),
    _variable_relation: $ => field('name', $.parameter),

    column_list: $ => seq('(', optional(list($._listed_column)), $._close),
    _listed_column: $ =>
      choice(
        field('column', choice($._name, alias(K('period'), $.identifier))),
        seq(K('period'), field('column', $._name)), // PostgreSQL 18: FOREIGN KEY (id, PERIOD during)
        $.unparsed_item,
      ),
    _close: $ => choice(')', $.missing_close),

    // MySQL: 'user'@'host'
    _account: $ =>
      prec.right(
        seq(
          field('name', choice($._name, $.string)),
          optional(choice($.parameter, seq('@', choice($._name, $.string)))),
          optional(seq('(', ')')),
        ),
      ),

    _text: $ => choice($.string, $.dollar_string, $.concatenated_string, $.quoted_identifier),
    concatenated_string: $ => prec.right(PREC.call, seq($.string, repeat1($.string))),

    // ------------------------------------------------------------ opaque runs

    // What is left of an item after an error. In pieces, because while it recovers the parser
    // tries several ways at once, and each would read to the end of the item.
    unparsed_item: $ => prec.right(seq($._unparsed_start, repeat($._unparsed_more))),

    _any_operator: $ =>
      choice(
        $.operator, '=', '<', '>', '<=', '>=', '<>', '!=', '+', '-', '*', '/', '%', '^', '~', '@', '?', '||', '::', ':', ':=', '=>', '|', '&', '#',
      ),
    _loose_leaf: $ =>
      choice(
        $.identifier, $.quoted_identifier, $.template, $.number, $.string, $.dollar_string, $.parameter, '.', '\\', '{', '}', $.operator,
        '=', '<', '>', '<=', '>=', '<>', '!=', '+', '-', '*', '/', '%', '^', '~', '@', '||', '::', ':', ':=', '=>', '|', '&', '#',
      ),
    _loose: $ => choice($._loose_leaf, $.token_group, $._square_group),
    _loose_or_comma: $ => choice($._loose, ','),
    token_group: $ => prec(PREC.loose, seq('(', repeat($._loose_or_comma), $._close)),
    _square_group: $ => prec(PREC.loose, seq('[', repeat($._loose_or_comma), ']')),

    // A run that begins with a word.
    other_clause: $ => prec.right(PREC.loose, seq(choice($.identifier, $.template), repeat($._loose))),
    _comma_clause: $ => prec.right(PREC.loose, seq($.identifier, repeat($._loose_or_comma))),

    // ------------------------------------------------------------------ types

    // In definitions any word may belong to the type (SQLite's UNSIGNED BIG INT); the
    // keywords of the constraints that may follow end it.
    type: $ =>
      prec.right(
        seq(
          optional(K('setof')),
          field('name', $.object_name),
          repeat(
            choice(
              field('word', $.identifier),
              field('arguments', $.type_arguments),
              field('time_zone', $.time_zone),
              field('dimension', $.array_dimension),
              $.percent_type,
            ),
          ),
        ),
      ),
    // In expressions and routine headers other words follow, so only the known ones count.
    _bounded_type: $ =>
      prec.right(
        seq(
          optional(K('setof')),
          field('name', $.object_name),
          repeat(
            choice(
              field('word', as_name($, 'precision varying character char varchar unsigned signed integer year month day hour minute second to')),
              field('arguments', $.type_arguments),
              field('time_zone', $.time_zone),
              field('dimension', $.array_dimension),
              $.percent_type,
              $._in_type,
            ),
          ),
        ),
      ),
    type_arguments: $ => seq('(', optional(list($._group_item)), $._close),
    time_zone: _ => seq(one_of('with without'), optional(K('local')), words('time zone')),
    array_dimension: $ => prec.right(choice(seq('[', optional(field('size', $.number)), ']'), seq(K('array'), optional(seq('[', field('size', $.number), ']'))))),
    percent_type: _ => token(/%\s*([tT][yY][pP][eE]|[rR][oO][wW][tT][yY][pP][eE])/),
    // ----------------------------------------------------------- CREATE TABLE

    _or_replace: _ => words('or replace'),
    _if_not_exists: _ => words('if not exists'),
    _if_exists: _ => words('if exists'),
    // What may stand between CREATE and the kind of object is one set for all, so that the
    // parser need not know the kind before it has read it.
    _create: $ => seq(K('create'), repeat($._create_modifier)),
    _create_modifier: $ =>
      choice(
        $._or_replace,
        $._temporary,
        one_of('unlogged global local external foreign virtual unique clustered nonclustered fulltext spatial columnstore recursive materialized constraint aggregate'),
        $.view_option,
      ),
    _temporary: _ => one_of('temporary temp'),

    create_table: $ =>
      prec.right(seq($._create, K('table'), optional($._if_not_exists), field('name', $._relation_name), optional($._table_shape), repeat($._table_clause), optional($._table_query))),
    _table_query: $ => prec.right(seq(choice($.as_query, alias($._bare_query, $.as_query)), optional($.with_data))),
    _bare_query: $ => field('query', $.query), // MySQL: CREATE TABLE a SELECT ...

    _table_shape: $ => choice(field('elements', $.table_elements), $.partition_of, $.of_type, $.like_table),
    table_elements: $ => seq('(', optional(seq(list($._table_element), optional(','))), $._close),
    _table_element: $ => choice($.column_definition, $._table_constraint, $.like_clause, $.other_element, $.unparsed_item),
    other_element: $ => seq($._period_ahead, repeat($._loose)),
    like_table: $ => seq(K('like'), field('table', $.object_name)),
    like_clause: $ => prec.right(seq(K('like'), field('table', $.object_name), repeat($.like_option))),
    like_option: $ => seq(one_of('including excluding'), field('option', $.identifier)),
    of_type: $ => prec.right(seq(K('of'), field('type', $.object_name), optional(field('elements', $.table_elements)))),
    partition_of: $ =>
      prec.right(seq(words('partition of'), field('parent', $.object_name), optional(field('elements', $.table_elements)), optional(field('bound', $.partition_bound)))),
    partition_bound: $ =>
      choice(
        K('default'),
        seq(
          words('for values'),
          choice(
            seq(K('in'), $.expression_list),
            seq(K('from'), $.expression_list, K('to'), $.expression_list),
            seq(K('with'), $.token_group),
          ),
        ),
      ),

    _table_clause: $ =>
      choice(
        $.partition_by,
        $.inherits,
        $.storage_parameters,
        $.without_oids,
        $.without_rowid,
        $.strict,
        $.on_commit,
        $.tablespace,
        $.using_method,
        $.virtual_module,
        $.filegroup,
        $.table_option,
        $.server,
        alias($._with_other, $.other_clause),
        ',',
        alias(K('if'), $.identifier),
      ),
    partition_by: $ =>
      prec.right(
        seq(
          words('partition by'),
          optional(alias(K('linear'), $.identifier)),
          field('method', $.identifier),
          optional(alias(K('columns'), $.identifier)),
          optional(seq(K('algorithm'), '=', $.number)),
          field('columns', $.index_elements),
          optional(alias($._mysql_partitions, $.other_clause)),
        ),
      ),
    // PARTITIONS 4, SUBPARTITION BY ..., (PARTITION p0 VALUES ...): to the end of the statement
    _mysql_partitions: $ => prec.right(choice(seq(one_of('partitions subpartition'), repeat($._loose)), $.token_group)),
    inherits: $ => seq(K('inherits'), '(', optional(list(field('table', $.object_name))), $._close),
    storage_parameters: $ => seq(K('with'), $._parameter_settings),
    _parameter_settings: $ => seq('(', optional(list(choice($.parameter_setting, $.unparsed_item))), $._close),
    parameter_setting: $ => prec.right(seq(field('name', $.object_name), optional(choice(seq('=', field('value', $._group_item)), field('value', $._setting_value))))),
    _with_other: $ => prec.right(seq(K('with'), $.identifier, repeat($._loose))),
    without_oids: _ => seq(one_of('with without'), K('oids')),
    without_rowid: _ => words('without rowid'),
    strict: _ => K('strict'),
    on_commit: _ => seq(words('on commit'), choice(words('preserve rows'), words('delete rows'), K('drop'))),
    tablespace: $ => seq(K('tablespace'), field('name', $._name)),
    using_method: $ => seq(K('using'), field('method', $._name)),
    virtual_module: $ => prec(1, seq(K('using'), field('module', $._name), $.token_group)),
    filegroup: $ => prec.right(seq(one_of('on textimage_on filestream_on'), field('name', choice($._name, $.string)), optional($.token_group))),
    as_query: $ => seq(K('as'), field('query', choice($.query, alias($._execute_query, $.other_clause)))),
    _execute_query: $ => prec.right(seq(K('execute'), repeat1($._loose))),
    with_data: _ => seq(K('with'), optional(K('no')), K('data')),
    server: $ => prec.right(seq(K('server'), field('name', $._name), optional(seq(K('options'), $.token_group)))),
    table_option: $ => prec.right(seq(optional(K('default')), $._table_option_name, optional(seq(optional('='), field('value', $._table_option_value))))),
    _table_option_name: $ =>
      choice(
        field('name', $.identifier),
        seq(field('name', alias(K('character'), $.identifier)), field('word', alias(K('set'), $.identifier))),
        field('name', as_name($, 'collate comment')),
        seq(field('name', as_name($, 'data index')), field('word', alias(K('directory'), $.identifier))),
      ),
    _table_option_value: $ => choice($._plain_name, $.number, $.string, $.token_group),
    // ----------------------------------------------------------------- columns

    column_definition: $ =>
      prec.right(
        seq(
          field('name', choice($._name, $.string, as_name($, 'exclude'))),
          optional(choice(field('type', $.type), words('with options'))),
          repeat($._column_constraint),
        ),
      ),
    _constraint_name: $ => seq(K('constraint'), field('constraint_name', $._name)),

    _column_constraint: $ =>
      choice(
        $.not_null,
        $.null_constraint,
        $.default,
        $.primary_key,
        $.unique,
        $.check,
        $.references,
        $.generated,
        $.identity,
        $.auto_increment,
        $.on_update,
        $.conflict_clause,
        $.collate,
        $.character_set,
        $.comment_constraint,
        $.position,
        $.constraint_timing,
        $.storage,
        $.storage_parameters,
        $.tablespace_of_index,
        $.filegroup,
        $.other_constraint,
      ),
    not_null: $ => prec.right(seq(optional($._constraint_name), words('not null'), optional(words('no inherit')))),
    null_constraint: $ => seq(optional($._constraint_name), K('null')),
    // PREC.complete: a COLLATE after the value belongs to the column.
    default: $ =>
      prec.right(
        PREC.complete,
        seq(optional($._constraint_name), K('default'), field('value', choice($._value, alias($._next_value, $.other_expression))), optional(words('with values'))),
      ),
    _next_value: $ => prec.right(seq(words('next value'), K('for'), $.object_name)),
    primary_key: $ => prec.right(seq(optional($._constraint_name), words('primary key'), repeat($._key_attribute))),
    _key_attribute: _ => one_of('asc desc clustered nonclustered hash'),
    unique: $ =>
      prec.right(
        seq(optional($._constraint_name), K('unique'), optional(K('key')), optional($._nulls_distinct), repeat(one_of('clustered nonclustered hash'))),
      ),
    _nulls_distinct: _ => seq(K('nulls'), optional(K('not')), K('distinct')),
    check: $ => prec.right(seq(optional($._constraint_name), K('check'), $._checked, optional(words('no inherit')))),
    _checked: $ => seq('(', field('expression', $._group_item), $._close),
    references: $ =>
      prec.right(
        seq(
          optional($._constraint_name),
          optional(words('foreign key')), // SQL Server
          K('references'),
          field('table', $.object_name),
          optional(field('columns', $.column_list)),
          repeat($._reference_part),
        ),
      ),
    referential_action: $ =>
      prec.right(
        choice(
          K('cascade'),
          K('restrict'),
          words('no action'),
          seq(words('set null'), optional(field('columns', $.column_list))),
          seq(words('set default'), optional(field('columns', $.column_list))),
        ),
      ),
    // PREC.complete: as in default. SQL Server does without parentheses.
    generated: $ =>
      prec.right(
        PREC.complete,
        seq(
          optional($._constraint_name),
          optional(words('generated always')),
          K('as'),
          field('expression', $._value),
          optional(one_of('stored virtual persisted')),
        ),
      ),

    identity: $ =>
      prec.right(
        choice(
          seq(
            optional($._constraint_name),
            K('generated'),
            choice(K('always'), seq(words('by default'), optional(words('on null')))),
            words('as identity'),
            optional(seq('(', field('options', optional($.sequence_options)), $._close)),
          ),
          seq(K('identity'), optional(field('arguments', $.token_group))),
        ),
      ),
    auto_increment: _ => one_of('auto_increment autoincrement'),
    on_update: $ => prec(PREC.complete, seq(words('on update'), field('value', $._value))),
    conflict_clause: $ => seq(words('on conflict'), field('action', $.identifier)),
    collate: $ => seq(K('collate'), field('collation', choice($.object_name, $.string))),
    character_set: $ =>
      seq(choice(seq(alias($._charset_ahead, 'CHARACTER'), K('set')), K('charset')), optional('='), field('charset', choice($._plain_name, $.string))),
    comment_constraint: $ => seq(K('comment'), field('text', $._text)),
    position: $ => choice(K('first'), seq(K('after'), field('column', $._name))),
    constraint_timing: _ =>
      choice(
        K('deferrable'),
        words('not deferrable'),
        words('initially deferred'),
        words('initially immediate'),
        words('not valid'),
        K('enforced'),
        words('not enforced'),
      ),
    storage: $ => seq(one_of('storage compression'), field('method', $._name)),
    other_constraint: $ =>
      prec.right(
        choice(
          words('not for replication'),
          seq(words('not'), K('hidden')),
          one_of('invisible visible sparse rowguidcol hidden'),
          seq(K('options'), $.token_group),
          seq(K('srid'), $.number),
          seq(K('masked'), $.storage_parameters),
          seq(K('column_format'), $.identifier),
          seq(words('generated always as row'), one_of('start end'), optional(K('hidden'))),
        ),
      ),

    // ------------------------------------------------------- table constraints

    _table_constraint: $ =>
      choice(
        $.primary_key_constraint,
        $.unique_constraint,
        $.foreign_key_constraint,
        $.check_constraint,
        $.exclude_constraint,
        $.not_null_constraint,
        $.default_constraint,
        $.index_definition,
      ),
    _table_constraint_name: $ => seq(K('constraint'), optional(field('constraint_name', $._name))),
    _constraint_tail: $ =>
      choice(
        $.constraint_timing,
        $.include,
        $.storage_parameters,
        $.tablespace_of_index,
        $.filegroup,
        $.conflict_clause,
        $.index_option,
        alias($._not_for_replication, $.other_constraint),
      ),
    _not_for_replication: _ => words('not for replication'),
    tablespace_of_index: $ => seq(words('using index tablespace'), field('name', $._name)),
    include: $ => seq(K('include'), field('columns', $.column_list)),
    index_option: $ =>
      prec.right(
        choice(
          seq(K('using'), field('method', $.identifier)),
          seq(K('comment'), field('text', $._text)),
          seq(one_of('key_block_size engine_attribute secondary_engine_attribute'), optional('='), choice($.number, $.string)),
          seq(words('with parser'), $._name),
          one_of('visible invisible ignored'),
          seq(one_of('algorithm lock'), optional('='), $.identifier),
        ),
      ),
    primary_key_constraint: $ => prec.right(seq(optional($._table_constraint_name), words('primary key'), $._key_columns, repeat($._constraint_tail))),
    _key_columns: $ =>
      choice($._using_index, seq(repeat($._key_modifier), field('columns', $.index_elements))),
    _key_modifier: $ =>
      choice(one_of('clustered nonclustered hash key index'), seq(K('using'), field('method', $.identifier)), field('name', $._plain_name), $._nulls_distinct, $._if_not_exists),
    _using_index: $ => seq(words('using index'), field('index', $._name)),
    unique_constraint: $ => prec.right(seq(optional($._table_constraint_name), K('unique'), $._key_columns, repeat($._constraint_tail))),
    foreign_key_constraint: $ =>
      prec.right(
        seq(
          optional($._table_constraint_name),
          words('foreign key'),
          optional($._if_not_exists),
          optional(field('name', $._plain_name)),
          field('columns', $.column_list),
          field('references', alias($._plain_references, $.references)),
          repeat($._constraint_tail),
        ),
      ),
    _plain_references: $ => prec.right(seq(K('references'), field('table', $.object_name), optional(field('columns', $.column_list)), repeat($._reference_part))),
    _reference_part: $ =>
      choice(
        seq(K('match'), field('match', $.identifier)),
        seq(words('on delete'), field('on_delete', $.referential_action)),
        seq(words('on update'), field('on_update', $.referential_action)),
      ),
    check_constraint: $ =>
      prec.right(seq(optional($._table_constraint_name), K('check'), optional(words('not for replication')), $._checked, optional(words('no inherit')), repeat($._constraint_tail))),
    exclude_constraint: $ =>
      prec.right(
        seq(
          optional($._table_constraint_name),
          K('exclude'),
          optional(seq(K('using'), field('method', $._name))),
          field('elements', $.index_elements),
          repeat($._index_tail),
        ),
      ),
    not_null_constraint: $ => prec.right(seq(optional($._table_constraint_name), words('not null'), field('column', $._name), optional(words('no inherit')), repeat($.constraint_timing))),
    default_constraint: $ => seq(optional($._table_constraint_name), K('default'), field('value', $._value), K('for'), field('column', $._name), optional(words('with values'))),
    index_definition: $ => prec.right(seq(optional($._table_constraint_name), $._index_lead, repeat($._index_modifier), field('columns', $.index_elements), repeat($._index_tail))),
    _index_lead: $ => choice(alias($._key_ahead, 'KEY'), seq(alias($._fulltext_ahead, 'FULLTEXT'), optional(one_of('key index')))),
    _index_modifier: $ =>
      choice($._if_not_exists, field('name', $._name), one_of('unique clustered nonclustered hash'), seq(K('using'), field('method', $.identifier))),
    _index_tail: $ => choice($._constraint_tail, field('where', $.where_clause)),
    index_elements: $ => seq('(', optional(list(choice($.index_element, $.unparsed_item))), $._close),
    index_element: $ =>
      prec.right(
        seq($._index_key, optional($._index_collation), optional($._index_opclass), optional($._direction), optional($._nulls_order), optional($._index_operator)),
      ),
    _index_key: $ =>
      choice(
        seq(field('column', $._name), choice($._column_stop, seq(alias($._length_paren, '('), field('length', $.number), ')'))),
        field('expression', $._value),
      ),
    _index_collation: $ => seq(K('collate'), field('collation', choice($.object_name, $.string))),
    _index_opclass: $ => prec.right(seq(field('opclass', $.object_name), optional(field('opclass_options', $.token_group)))),
    _direction: _ => one_of('asc desc'),
    _nulls_order: _ => seq(K('nulls'), one_of('first last')),
    _index_operator: $ =>
      choice(seq(K('with'), field('operator', choice($._any_operator, $.qualified_operator, alias($._dotted_operator, $.qualified_operator)))), words('without overlaps')),
    _dotted_operator: $ => seq($._qualifiers, $._any_operator),

    // ------------------------------------------------------------ ALTER TABLE

    alter_table: $ =>
      prec.right(
        seq(
          K('alter'),
          optional(K('foreign')),
          K('table'),
          optional($._if_exists),
          optional(K('only')),
          field('name', $._relation_name),
          optional(choice('*', $.check_mode)),
          $._alter_action,
          repeat($._further_action),
        ),
      ),
    _further_action: $ => choice(seq(',', $._alter_action), seq(alias($._comma_column_ahead, ','), choice($.column_definition, $._table_constraint))),
    check_mode: _ => seq(K('with'), one_of('check nocheck')),

    _alter_action: $ =>
      choice(
        $.add_column,
        $.add_columns,
        $.drop_column,
        $.alter_column,
        $.add_constraint,
        $.drop_constraint,
        $.drop_index,
        $.drop_primary_key,
        $.drop_foreign_key,
        $.drop_check,
        $.validate_constraint,
        $.alter_constraint,
        $.rename_table,
        $.rename_column,
        $.rename_constraint,
        $.rename_index,
        $.modify_column,
        $.change_column,
        $.owner_to,
        $.set_schema,
        $.row_security,
        $.attach_partition,
        $.detach_partition,
        $.trigger_state,
        $.rule_state,
        $.inherit,
        $.no_inherit,
        $.set_parameters,
        $.reset_parameters,
        $.replica_identity,
        $.set_tablespace,
        $.set_logged,
        $.set_access_method,
        $.cluster_on,
        $.without_cluster,
        $.set_without_oids,
        $.partition_by,
        alias($._action_option, $.table_option),
        $.other_action,
        $.unparsed_item,
      ),

    _cascade: _ => one_of('cascade restrict'),
    // MySQL gives the place behind the parentheses too: ADD COLUMN a INT FIRST is a constraint of the column.
    add_column: $ => prec.right(seq(K('add'), optional(K('column')), optional($._if_not_exists), field('column', $.column_definition))),
    add_columns: $ => seq(K('add'), optional(K('column')), optional($._if_not_exists), '(', list($._table_element), $._close),
    drop_column: $ => prec.right(seq(K('drop'), optional(K('column')), optional($._if_exists), field('name', $._dropped_name), optional($._cascade))),
    _dropped_name: $ => choice($._name, as_name($, 'index key check partition')),
    add_constraint: $ => prec.right(seq(K('add'), field('constraint', $._table_constraint))),
    drop_constraint: $ => prec.right(seq(K('drop'), K('constraint'), optional($._if_exists), field('name', $._name), optional($._cascade))),
    drop_index: $ => seq(K('drop'), one_of('index key'), optional($._if_exists), field('name', $._name)),
    drop_primary_key: _ => seq(K('drop'), words('primary key')),
    drop_foreign_key: $ => seq(K('drop'), words('foreign key'), optional($._if_exists), field('name', $._name)),
    drop_check: $ => seq(K('drop'), K('check'), field('name', $._name)),
    validate_constraint: $ => seq(words('validate constraint'), field('name', $._name)),
    alter_constraint: $ => prec.right(seq(K('alter'), one_of('constraint check'), field('name', $._name), repeat(choice($.constraint_timing, words('no inherit'), K('inherit'))))),
    rename_table: $ => seq(K('rename'), optional(one_of('to as')), field('new_name', $.object_name)),
    rename_column: $ => seq(K('rename'), optional(K('column')), field('name', $._name), K('to'), field('new_name', $._name)),
    rename_constraint: $ => seq(words('rename constraint'), field('name', $._name), K('to'), field('new_name', $._name)),
    rename_index: $ => seq(K('rename'), one_of('index key'), field('name', $._name), K('to'), field('new_name', $._name)),
    modify_column: $ => seq(K('modify'), optional(K('column')), optional($._if_exists), field('column', $.column_definition)),
    change_column: $ => seq(K('change'), optional(K('column')), optional($._if_exists), field('old_name', $._name), field('column', $.column_definition)),
    owner_to: $ => seq(words('owner to'), field('owner', $._name)),
    set_schema: $ => seq(words('set schema'), field('schema', $._name)),
    row_security: _ => seq(choice(one_of('enable disable force'), words('no force')), words('row level security')),
    attach_partition: $ => seq(words('attach partition'), field('partition', $.object_name), optional(field('bound', $.partition_bound))),
    detach_partition: $ => prec.right(seq(words('detach partition'), field('partition', $.object_name), optional(one_of('concurrently finalize')))),
    trigger_state: $ => seq(one_of('enable disable'), optional(one_of('always replica')), K('trigger'), field('name', $._name)),
    rule_state: $ => seq(one_of('enable disable'), optional(one_of('always replica')), K('rule'), field('name', $._name)),
    inherit: $ => seq(K('inherit'), field('parent', $.object_name)),
    no_inherit: $ => seq(words('no inherit'), field('parent', $.object_name)),
    set_parameters: $ => seq(K('set'), alias($._parameter_settings, $.storage_parameters)),
    reset_parameters: $ => seq(K('reset'), alias($._parameter_settings, $.storage_parameters)),
    replica_identity: $ => seq(words('replica identity'), choice(one_of('nothing full default'), seq(words('using index'), field('index', $._name)))),
    set_tablespace: $ => prec.right(seq(words('set tablespace'), field('tablespace', $._name), optional(K('nowait')))),
    set_logged: _ => seq(K('set'), one_of('logged unlogged')),
    set_access_method: $ => seq(words('set access method'), field('method', choice($._name, alias(K('default'), $.identifier)))),
    cluster_on: $ => seq(words('cluster on'), field('index', $._name)),
    without_cluster: _ => words('set without cluster'),
    set_without_oids: _ => seq(K('set'), one_of('without with'), K('oids')),
    _action_option: $ =>
      prec.right(
        choice(
          seq(optional(K('default')), $._charset_option_name, optional('='), field('value', $._charset_value), optional(seq(K('collate'), optional('='), $._charset_value))),
          seq(field('name', $.identifier), '=', field('value', $._table_option_value)),
          seq(field('name', as_name($, 'comment')), optional('='), field('value', $.string)),
        ),
      ),
    _charset_option_name: $ =>
      choice(seq(field('name', alias(K('character'), $.identifier)), field('word', alias(K('set'), $.identifier))), field('name', as_name($, 'charset collate'))),
    _charset_value: $ => choice($._plain_name, $.string),
    other_action: $ => prec.right(PREC.loose, choice(seq($._other_action_lead, repeat($._loose)), $.storage_parameters)),
    _other_action_lead: $ =>
      prec(PREC.loose, choice(
        $.identifier,
        K('partition'),
        seq(one_of('enable disable set reset no check nocheck validate options'), choice($.identifier, $.token_group)),
        seq(one_of('check nocheck'), K('constraint')),
        K('force'),
        seq(one_of('add drop'), K('partition'), choice($.identifier, $.token_group, $.quoted_identifier)),
        seq(words('alter index'), $._name),
      )),
    alter_column: $ =>
      prec.right(seq(K('alter'), optional(K('column')), optional($._if_exists), field('name', choice($._name, $.number)), field('change', $._column_change))),
    _column_change: $ =>
      choice(
        $.set_type,
        $.set_default,
        $.drop_default,
        $.set_not_null,
        $.drop_not_null,
        $.set_identity,
        $.add_identity,
        $.drop_identity,
        $.set_expression,
        $.drop_expression,
        $.set_statistics,
        $.set_storage,
        $.set_options,
        $.other_change,
      ),
    set_type: $ =>
      prec.right(
        choice(
          seq(optional(words('set data')), K('type'), field('type', $.type), optional($.collate), optional(seq(K('using'), field('using', $._value)))),
          seq(field('type', $.type), repeat($._column_constraint)),
        ),
      ),
    set_default: $ => seq(words('set default'), field('value', $._value)),
    drop_default: _ => words('drop default'),
    set_not_null: _ => words('set not null'),
    drop_not_null: _ => words('drop not null'),
    set_identity: $ => field('options', alias(repeat1($._identity_change), $.sequence_options)),
    _identity_change: $ =>
      choice(
        seq(words('set generated'), choice(K('always'), words('by default'))),
        seq(K('set'), $.sequence_option),
        alias($._restart, $.sequence_option),
      ),
    add_identity: $ =>
      seq(
        words('add generated'),
        choice(K('always'), words('by default')),
        words('as identity'),
        optional(seq('(', field('options', optional($.sequence_options)), $._close)),
      ),
    drop_identity: $ => seq(words('drop identity'), optional($._if_exists)),
    set_expression: $ => seq(words('set expression as'), '(', field('expression', $._group_item), $._close),
    drop_expression: $ => seq(words('drop expression'), optional($._if_exists)),
    set_statistics: $ => seq(words('set statistics'), field('value', $._value)),
    set_storage: $ => seq(K('set'), one_of('storage compression'), field('method', choice($._name, alias(K('default'), $.identifier)))),
    set_options: $ => seq(one_of('set reset'), alias($._parameter_settings, $.storage_parameters)),
    other_change: $ => prec.right(PREC.loose, seq(one_of('set add drop options'), choice($.identifier, $.token_group), repeat($._loose))),

    // ------------------------------------------------------------ CREATE INDEX

    create_index: $ =>
      prec.right(seq($._create, K('index'), repeat($._create_index_head), K('on'), $._indexed_table, optional($._index_body))),
    _index_body: $ => prec.right(seq(field('columns', $.index_elements), repeat($._create_index_tail))),
    _create_index_head: $ => choice(K('concurrently'), $._if_not_exists, field('name', $.object_name), seq(K('using'), field('method', $.identifier))),
    _indexed_table: $ => seq(optional(K('only')), field('table', $._relation_name), optional(seq(K('using'), field('method', $._name)))),
    _create_index_tail: $ =>
      choice(
        field('include', $.include),
        $._nulls_distinct,
        $.storage_parameters,
        $.tablespace,
        field('where', $.where_clause),
        $.filegroup,
        $.index_option,
        $.other_clause,
      ),
    // -------------------------------------------------------------------- DROP

    object_kind: _ =>
      choice(
        one_of(
          'table view index sequence type domain schema database extension function procedure proc routine aggregate trigger policy role user rule column constraint collation conversion server publication subscription language tablespace statistics synonym parameter object',
        ),
        words('foreign table'),
        words('materialized view'),
        prec.right(seq(K('event'), optional(K('trigger')))),
        words('foreign data wrapper'),
        words('foreign server'),
        words('large object'),
        words('access method'),
        seq(words('text search'), one_of('configuration dictionary parser template')),
        words('owned by'),
        words('user mapping'),
      ),
    drop_statement: $ =>
      prec.right(
        seq(
          K('drop'),
          optional($._temporary),
          field('kind', $.object_kind),
          optional(K('concurrently')),
          optional($._if_exists),
          list(field('target', choice($.drop_target, $.unparsed_item))),
          repeat($._drop_tail),
        ),
      ),
    _drop_tail: $ => choice(seq(K('on'), field('table', $._relation_name)), $._cascade, $.other_clause, $.storage_parameters),
    drop_target: $ => prec.right(seq($._object_target, optional(seq('@', choice($._name, $.string))), optional(field('signature', $.signature)))),
    _literal_name: $ => field('name', choice($.string, $.number)),
    signature: $ => seq('(', optional(choice('*', $._signature_parameters, seq(optional($._signature_parameters), words('order by'), $._signature_parameters))), $._close),
    _signature_parameters: $ => list(choice($.parameter_definition, $.unparsed_item)),
    // ------------------------------------------------------------------- views

    create_view: $ =>
      prec.right(
        seq(
          $._create,
          K('view'),
          optional($._if_not_exists),
          field('name', $._relation_name),
          optional(field('columns', alias($._view_columns, $.column_list))),
          repeat($._view_attribute),
          K('as'),
          field('query', $.query),
          repeat(choice($.with_data, $.check_option)),
        ),
      ),

    _view_columns: $ => seq('(', list(seq(field('column', choice($._name, $.string)), optional($.comment_constraint))), $._close),
    _view_attribute: $ => choice($.storage_parameters, $.using_method, $.tablespace, alias($._view_words, $.other_clause)),
    _view_words: $ => seq(K('with'), list($.identifier)),
    view_option: $ =>
      choice(
        seq(K('algorithm'), '=', $.identifier),
        $.definer,
        seq(words('sql security'), one_of('definer invoker')),
      ),
    definer: $ => seq(K('definer'), '=', $._account),
    check_option: _ => seq(K('with'), optional(one_of('local cascaded')), words('check option')),

    // -------------------------------------------------- types, domains, sequences

    create_type: $ =>
      seq(
        $._create,
        K('type'),
        optional($._if_not_exists),
        field('name', $.object_name),
        optional(
          choice(
            seq(K('as'), field('definition', choice($.enum_labels, $.composite, $.range_type))),
            field('definition', $.base_type),
            seq(K('from'), field('definition', $.type), repeat(choice($.not_null, $.null_constraint))),
          ),
        ),
      ),
    enum_labels: $ => seq(K('enum'), '(', optional(list(choice(field('label', $.string), $.unparsed_item))), $._close),
    composite: $ => seq(optional(K('table')), '(', optional(list(choice(field('attribute', $.column_definition), $._table_constraint, $.unparsed_item))), $._close),
    range_type: $ => seq(K('range'), alias($._parameter_settings, $.storage_parameters)),
    base_type: $ => alias($._parameter_settings, $.storage_parameters),

    alter_type: $ => prec.right(seq(K('alter'), K('type'), optional($._if_exists), field('name', $.object_name), list($._type_action))),
    _type_action: $ =>
      choice(
        $.add_value,
        $.rename_value,
        $.add_attribute,
        $.drop_attribute,
        $.alter_attribute,
        $.rename_attribute,
        $.rename_to,
        $.owner_to,
        $.set_schema,
        $.set_parameters,
        $.unparsed_item,
      ),
    add_value: $ =>
      prec.right(seq(words('add value'), optional($._if_not_exists), field('value', $.string), optional(seq(one_of('before after'), field('neighbour', $.string))))),
    rename_value: $ => seq(words('rename value'), field('value', $.string), K('to'), field('new_value', $.string)),
    add_attribute: $ => prec.right(seq(words('add attribute'), field('column', $.column_definition), optional($._cascade))),
    drop_attribute: $ => prec.right(seq(words('drop attribute'), optional($._if_exists), field('name', $._name), optional($._cascade))),
    alter_attribute: $ =>
      prec.right(seq(words('alter attribute'), field('name', $._name), optional(words('set data')), K('type'), field('type', $.type), optional($.collate), optional($._cascade))),
    rename_attribute: $ => prec.right(seq(words('rename attribute'), field('name', $._name), K('to'), field('new_name', $._name), optional($._cascade))),
    rename_to: $ => seq(words('rename to'), field('new_name', $.object_name)),

    create_domain: $ =>
      prec.right(seq($._create, K('domain'), optional($._if_not_exists), field('name', $.object_name), optional(K('as')), field('type', $.type), repeat($._column_constraint))),
    alter_domain: $ =>
      seq(
        K('alter'),
        K('domain'),
        optional($._if_exists),
        field('name', $.object_name),
        choice(
          $.set_default,
          $.drop_default,
          $.set_not_null,
          $.drop_not_null,
          $.add_constraint,
          $.drop_constraint,
          $.rename_constraint,
          $.validate_constraint,
          $.rename_to,
          $.owner_to,
          $.set_schema,
          $.unparsed_item,
        ),
      ),

    create_sequence: $ =>
      prec.right(
        seq(
          $._create,
          K('sequence'),
          optional($._if_not_exists),
          field('name', $.object_name),
          optional(field('options', $.sequence_options)),
        ),
      ),
    alter_sequence: $ =>
      prec.right(
        seq(
          K('alter'),
          K('sequence'),
          optional($._if_exists),
          field('name', $.object_name),
          choice(field('options', $.sequence_options), $.rename_to, $.owner_to, $.set_schema, $.set_logged, $.unparsed_item),
        ),
      ),
    sequence_options: $ => prec.right(repeat1($.sequence_option)),
    sequence_option: $ => $._sequence_option,
    _sequence_option: $ =>
      prec.right(
        choice(
          seq(K('as'), field('type', $._bounded_type_node)),
          seq(one_of('increment minvalue maxvalue start cache'), optional(one_of('by with')), optional('='), optional(field('value', $._sequence_value))),
          seq(K('no'), one_of('minvalue maxvalue cycle cache')),
          one_of('nomaxvalue nominvalue nocycle nocache cycle logged unlogged'),
          $._restart,
          seq(words('owned by'), field('owner', $.object_name)),
          seq(words('sequence name'), field('name', $.object_name)),
        ),
      ),
    _restart: $ => prec.right(seq(K('restart'), optional(K('with')), optional(field('value', $._sequence_value)))),
    _sequence_value: $ => choice($.number, $.parameter, alias($._signed_number, $.number)),
    _signed_number: _ => seq(choice('-', '+'), /\d+/),
    _bounded_type_node: $ => alias($._bounded_type, $.type),

    // ---------------------------------------------------------------- routines

    create_function: $ =>
      prec.right(
        seq(
          $._create,
          one_of('function procedure'),
          optional($._if_not_exists),
          field('name', $.object_name),
          field('parameters', $.parameters),
          repeat($._routine_part),
          optional(field('body', alias($._statement_body, $.routine_body))),
        ),
      ),
    _routine_part: $ => choice($.returns, $.language, $.security, $.volatility, $.null_input, $.set_configuration, $.routine_attribute, field('body', $.routine_body)),
    parameters: $ => seq('(', optional(list(choice($.parameter_definition, $.unparsed_item))), $._close),
    parameter_definition: $ =>
      prec.right(
        seq(
          optional(field('mode', $.parameter_mode)),
          optional(field('name', $._plain_name)),
          optional(field('mode', $.parameter_mode)),
          field('type', $._bounded_type_node),
          repeat(choice($.character_set, $.collate)),
          optional($._parameter_default),
        ),
      ),
    _parameter_default: $ => seq(choice(K('default'), '=', ':='), field('default', $._group_item)),
    parameter_mode: _ => prec.right(choice(seq(K('in'), optional(K('out'))), one_of('out inout variadic'))),
    returns: $ =>
      prec.right(seq(K('returns'), choice($.returns_table, seq(field('type', $._bounded_type_node), repeat(choice($.character_set, $.collate)))))),
    returns_table: $ => seq(K('table'), '(', optional(list(choice(field('column', $.parameter_definition), $.unparsed_item))), $._close),
    language: $ => seq(K('language'), field('name', choice($._name, $.string))),
    security: _ => seq(optional(one_of('external sql')), K('security'), one_of('definer invoker')),
    volatility: _ => one_of('immutable stable volatile'),
    null_input: _ => choice(K('strict'), words('returns null on null input'), words('called on null input')),
    set_configuration: $ =>
      prec.right(
        seq(
          K('set'),
          choice(
            seq(field('parameter', $.object_name), choice('=', K('to')), list(field('value', $._setting_value))),
            seq(field('parameter', $.object_name), words('from current')),
            seq(words('time zone'), field('value', $._setting_value)),
          ),
        ),
      ),
    _setting_value: $ => choice($._plain_name, $.string, $.number, alias($._signed_number, $.number), alias(K('default'), $.identifier), $.dollar_string),
    routine_attribute: $ =>
      prec.right(seq($._routine_word, repeat(choice($.number, $.string, $.token_group)))),
    _routine_word: $ =>
      prec.right(choice($.identifier, seq(K('not'), $.identifier), seq(one_of('comment sql'), optional($.identifier)), seq(K('support'), $.object_name))),
    routine_body: $ =>
      prec.right(
        choice(
          seq(K('as'), field('text', choice($.dollar_string, $.string, $.concatenated_string)), optional(seq(',', field('symbol', $.string)))),
          seq(optional(K('as')), field('compound', $.compound_body)),
        ),
      ),
    _statement_body: $ =>
      choice(field('statement', choice($.return_statement, $.query, $.insert_statement, $.update_statement, $.delete_statement, $.call_statement)), $._body_ahead),
    return_statement: $ => seq(K('return'), field('value', $._value)),

    create_trigger: $ =>
      prec.right(
        seq(
          $._create,
          K('trigger'),
          optional($._if_not_exists),
          field('name', $.object_name),
          optional(field('timing', $.trigger_timing)),
          sep1(field('event', $.trigger_event), K('or')),
          K('on'),
          field('table', $.object_name),
          repeat($._trigger_part),
          $._trigger_action,
        ),
      ),

    _trigger_part: $ =>
      choice(seq(K('from'), field('from', $.object_name)), $.constraint_timing, $.referencing, $.for_each, seq(K('when'), field('when', $._value)), $.trigger_order),
    _trigger_action: $ =>
      choice(
        seq(K('execute'), one_of('function procedure'), field('function', $.object_name), field('arguments', $.token_group)),
        field('body', choice($.compound_body, $.insert_statement, $.update_statement, $.delete_statement, $.call_statement, $.set_statement, $.query)),
      ),
    trigger_timing: _ => choice(one_of('before after'), words('instead of')),
    trigger_event: $ =>
      prec.right(choice(one_of('insert delete truncate'), seq(K('update'), optional(seq(K('of'), list(field('column', $._name))))))),
    referencing: $ => prec.right(seq(K('referencing'), repeat1(seq(one_of('old new'), one_of('table row'), optional(K('as')), field('name', $._name))))),
    for_each: _ => seq(K('for'), optional(K('each')), one_of('row statement')),
    trigger_order: $ => seq(one_of('follows precedes'), $._name),

    // ------------------------------------------------- policies, rights, comments

    create_policy: $ =>
      prec.right(
        seq(
          $._create,
          K('policy'),
          field('name', $._name),
          K('on'),
          field('table', $.object_name),
          repeat(choice(seq(K('as'), field('as', $.policy_kind)), seq(K('for'), field('command', $.policy_command)), $._policy_part)),
        ),
      ),
    policy_kind: _ => one_of('permissive restrictive'),
    policy_command: _ => one_of('all select insert update delete'),
    _policy_part: $ =>
      choice(
        seq(K('to'), list(field('role', $._name))),
        seq(K('using'), '(', field('using', $._group_item), $._close),
        seq(words('with check'), '(', field('check', $._group_item), $._close),
      ),
    alter_policy: $ =>
      prec.right(seq(K('alter'), K('policy'), optional($._if_exists), field('name', $._name), K('on'), field('table', $.object_name), choice($.rename_to, repeat1($._policy_part)))),

    grant_statement: $ =>
      prec.right(
        seq(
          K('grant'),
          list(field('privilege', $.privilege)),
          optional($._grant_object),
          K('to'),
          list(field('grantee', $.grantee)),
          repeat($._grant_tail),
        ),
      ),
    revoke_statement: $ =>
      prec.right(
        seq(
          K('revoke'),
          optional(choice(words('grant option for'), words('admin option for'))),
          list(field('privilege', $.privilege)),
          optional($._grant_object),
          K('from'),
          list(field('grantee', $.grantee)),
          repeat($._grant_tail),
        ),
      ),
    privilege: $ => prec.right(seq(repeat1(choice($._plain_name, $.string)), optional(field('columns', $.column_list)))),
    _grant_object: $ =>
      seq(
        K('on'),
        choice(
          seq(optional(field('object_kind', $.object_kind)), optional('::'), list(field('object', choice($.drop_target, $.any_object)))),
          seq(field('object_kind', alias($._all_in_schema, $.object_kind)), list(field('object', $.drop_target))),
        ),
      ),
    _all_in_schema: _ => seq(K('all'), one_of('tables sequences functions routines procedures'), words('in schema')),
    any_object: $ => seq(optional(seq(choice($._name, '*'), '.')), '*'),
    grantee: $ => prec.right(seq(optional(one_of('group')), $._account, optional(seq(words('identified by'), $.string)))),
    _grant_tail: $ => choice(seq(K('with'), one_of('grant admin inherit set'), one_of('option true false')), $._cascade, seq(words('granted by'), $._name)),

    alter_default_privileges: $ =>
      seq(
        words('alter default privileges'),
        repeat(choice(seq(K('for'), one_of('role user'), list(field('role', $._name))), seq(words('in schema'), list(field('schema', $._name))))),
        field('statement', choice(alias($._default_grant, $.grant_statement), alias($._default_revoke, $.revoke_statement))),
      ),
    _default_grant: $ => prec.right(seq(K('grant'), list(field('privilege', $.privilege)), K('on'), field('object_kind', alias($._default_kind, $.object_kind)), K('to'), list(field('grantee', $.grantee)), repeat($._grant_tail))),
    _default_revoke: $ =>
      prec.right(
        seq(
          K('revoke'),
          optional(words('grant option for')),
          list(field('privilege', $.privilege)),
          K('on'),
          field('object_kind', alias($._default_kind, $.object_kind)),
          K('from'),
          list(field('grantee', $.grantee)),
          repeat($._grant_tail),
        ),
      ),
    _default_kind: _ => choice(one_of('tables sequences functions routines types schemas'), words('large objects')),

    comment_statement: $ =>
      seq(
        words('comment on'),
        field('kind', $.object_kind),
        field('target', $.object_name),
        optional(field('signature', $.signature)),
        optional(seq(K('on'), optional(K('domain')), field('table', $.object_name))),
        K('is'),
        field('text', choice($.string, $.concatenated_string, $.dollar_string, $.null)),
      ),

    // ----------------------------------------------------------- other objects

    // Its elements (CREATE TABLE and so on) follow as statements of their own.
    create_schema: $ =>
      prec.right(
        seq(
          $._create,
          K('schema'),
          optional($._if_not_exists),
          optional(field('name', $._name)),
          optional(seq(K('authorization'), field('authorization', $._name))),
          repeat($.table_option),
          optional($._elements_ahead),
        ),
      ),
    create_extension: $ =>
      prec.right(
        seq(
          $._create,
          K('extension'),
          optional($._if_not_exists),
          field('name', choice($._name, $.string)),
          optional(K('with')),
          repeat(choice(seq(K('schema'), field('schema', $._name)), seq(K('version'), field('version', choice($._name, $.string))), seq(K('from'), choice($._name, $.string)), K('cascade'))),
        ),
      ),
    create_object: $ =>
      prec.right(
        seq(
          $._create,
          field('kind', alias($._plain_kind, $.object_kind)),
          optional($._if_not_exists),
          field('name', choice($.object_name, $.string)),
          optional(alias($._object_rest, $.other_clause)),
        ),
      ),
    _plain_kind: _ => choice(one_of('role user group database publication subscription server statistics collation tablespace language conversion'), words('event trigger')),
    _object_rest: $ => prec.right(repeat1($._loose_or_comma)),
    alter_object: $ =>
      prec.right(
        seq(
          K('alter'),
          optional(K('procedural')),
          field('kind', alias($._alterable_kind, $.object_kind)),
          optional($._if_exists),
          $._object_target,
          optional(field('signature', $.signature)),
          optional(seq(K('on'), field('table', $.object_name))),
          optional($._object_action),
        ),
      ),
    _object_target: $ => field('name', choice($._relation_name, alias($._literal_name, $.object_name))),
    _alterable_kind: _ =>
      choice(
        one_of(
          'view index schema database extension function procedure routine aggregate trigger role user rule collation conversion server publication subscription language tablespace statistics group system',
        ),
        words('materialized view'),
        prec.right(seq(K('event'), optional(K('trigger')))),
        words('large object'),
        seq(words('text search'), one_of('configuration dictionary parser template')),
      ),
    _object_action: $ =>
      choice(
        $.rename_to,
        $.rename_column,
        $.owner_to,
        $.set_schema,
        $.set_tablespace,
        $.set_parameters,
        $.reset_parameters,
        $.attach_partition,
        $.alter_column,
        $.cluster_on,
        $.set_access_method,
        alias($._alter_view_query, $.as_query),
        alias($._object_change, $.other_action),
        $.unparsed_item,
      ),
    _alter_view_query: $ => seq(optional(alias($._view_columns, $.column_list)), K('as'), field('query', $.query)),
    _object_change: $ => prec.right(PREC.loose, seq($._object_change_lead, repeat($._loose_or_comma))),
    _object_change_lead: $ =>
      prec(PREC.loose, choice($.identifier, $.string, '@', $.parameter, seq(one_of('set reset with add drop no alter'), choice($.identifier, $.token_group)))),

    // -------------------------------------------------------- small statements

    do_statement: $ =>
      seq(K('do'), optional(field('language', $.language)), field('text', choice($.dollar_string, $.string)), optional(field('language', $.language))),

    set_statement: $ => prec.right(seq(K('set'), optional($._setting_scope), choice($._settings, alias($._comma_clause, $.other_clause)))),
    _setting_scope: _ => one_of('session local global persist'),
    _settings: $ => prec.right(seq($._setting, repeat(seq(',', choice($._value, seq(optional($._setting_scope), $._setting)))))),
    _setting: $ => seq($._setting_head, $._setting_values),
    _setting_head: $ => prec(PREC.call, seq(field('parameter', choice($.object_name, $.parameter)), choice('=', ':=', K('to')))),
    _setting_values: $ => field('value', choice($._value, $.default_value)),
    reset_statement: $ => prec.right(seq(K('reset'), choice(field('parameter', $.object_name), $.other_clause))),
    pragma_statement: $ => seq(K('pragma'), field('name', $.object_name), optional(choice(seq('=', field('value', $._value)), field('value', $.token_group)))),
    transaction_statement: $ =>
      prec.right(
        choice(
          seq(one_of('begin start commit end abort'), optional(one_of('transaction tran work')), optional(alias($._comma_clause, $.other_clause))),
          seq(K('rollback'), optional(one_of('transaction tran work')), optional(alias($._comma_clause, $.other_clause)), optional(seq(K('to'), optional(K('savepoint')), field('name', $._name)))),
          seq(K('savepoint'), field('name', $._name)),
          seq(K('release'), optional(K('savepoint')), field('name', $._name)),
          seq(words('prepare transaction'), $.string),
        ),
      ),
    truncate_statement: $ => prec.right(seq(K('truncate'), optional(K('table')), list($._truncated_table), repeat($._truncate_tail))),
    _truncated_table: $ => seq(optional(K('only')), field('table', $._relation_name), optional('*')),
    _truncate_tail: $ => choice(words('restart identity'), words('continue identity'), $._cascade),
    rename_statement: $ => seq(words('rename table'), list($.table_renaming)), // MySQL
    table_renaming: $ => seq(field('name', $.object_name), K('to'), field('new_name', $.object_name)),
    refresh_statement: $ => prec.right(seq(words('refresh materialized view'), optional(K('concurrently')), field('name', $.object_name), optional($.with_data))),
    reindex_statement: $ =>
      prec.right(
        seq(
          K('reindex'),
          optional($.token_group),
          optional(field('kind', alias($._reindex_kind, $.object_kind))),
          optional(K('concurrently')),
          optional(field('name', $.object_name)),
        ),
      ),
    _reindex_kind: _ => one_of('index table schema database system'),
    maintenance_statement: $ =>
      prec.right(seq($._maintenance_verb, repeat($._maintenance_word), optional(list($._maintained_table)), optional($._maintenance_tail))),
    _maintenance_verb: _ => one_of('vacuum analyze analyse cluster optimize'),
    _maintenance_word: $ => choice(one_of('full verbose freeze analyze table'), $.token_group),
    _maintained_table: $ => prec.right(seq(field('table', $.object_name), optional($.column_list))),
    _maintenance_tail: $ => choice(seq(one_of('using on'), $._name), seq(K('into'), $.string)),
    lock_statement: $ =>
      prec.right(seq(K('lock'), optional(one_of('table tables')), list($._locked_table), optional(seq(K('in'), field('mode', $.lock_mode))), optional(K('nowait')))),
    _locked_table: $ => prec.right(seq(optional(K('only')), field('table', $._relation_name), optional('*'), optional(alias($._table_lock, $.lock_mode)))),
    _table_lock: $ => seq(one_of('read write low_priority'), optional($.identifier)),
    lock_mode: $ => seq(repeat1($.identifier), K('mode')),
    copy_statement: $ => prec.right(seq(K('copy'), $._copy_subject, one_of('from to'), $._copy_place, repeat($._loose_or_comma_or_with))),
    _copy_subject: $ => prec.right(choice(seq(field('table', $.object_name), optional(field('columns', $.column_list))), field('query', $.subquery))),
    _copy_place: $ => choice(K('stdout'), seq(K('program'), $.string), $.string, $.parameter, $.template),
    _loose_or_comma_or_with: $ => choice($._loose_or_comma, K('with')),
    _copy_from_stdin: $ => prec.right(seq(K('copy'), $._copy_subject, K('from'), K('stdin'), repeat($._loose_or_comma_or_with))),
    call_statement: $ => seq(K('call'), choice($._called, field('name', $.object_name))),
    explain_statement: $ => prec.right(seq($._explain_verb, optional($._explain_options), $._explained)),
    _explain_verb: _ => one_of('explain describe desc'),
    _explained: $ =>
      choice(
        field('statement', choice($.query, $.insert_statement, $.update_statement, $.delete_statement, $.merge_statement, $.create_table, $.create_view)),
        field('name', $.object_name),
        alias($._explained_other, $.other_clause),
      ),
    _explained_other: $ => prec.right(seq(one_of('execute declare'), repeat($._loose_or_comma))),
    _explain_options: $ => choice(repeat1(one_of('analyze verbose query plan extended')), $.token_group, seq(K('format'), '=', $.identifier)),
    use_statement: $ => seq(K('use'), field('name', $._name)),

    // ----------------------------------------------------------------- queries

    query: $ =>
      seq(
        optional(field('with', $.with_clause)),
        field('body', $._query_body),
        optional(field('order_by', $.order_by_clause)),
        repeat($._query_tail),
        $._query_stop,
      ),
    _query_tail: $ =>
      choice(
        field('limit', $.limit_clause),
        field('offset', $.offset_clause),
        field('fetch', $.fetch_clause),
        field('locking', $.locking_clause),
        field('into', $.into_clause),
        alias($._option_clause, $.other_clause),
      ),
    _option_clause: $ => prec.right(PREC.loose, seq(one_of('option lock'), repeat1(choice($._loose, alias(K('in'), $.identifier))))),
    _query_body: $ => choice($.select, $.values, $.set_operation, prec(1, $.subquery), $.table_command),
    table_command: $ => seq(K('table'), field('table', $.object_name)),
    set_operation: $ =>
      choice(
        prec.left(1, seq(field('left', $._query_body), field('operator', alias($._union, $.set_operator)), field('right', $._query_body))),
        prec.left(2, seq(field('left', $._query_body), field('operator', alias($._intersect, $.set_operator)), field('right', $._query_body))),
      ),
    _union: _ => seq(one_of('union except minus'), optional(one_of('all distinct'))),
    _intersect: _ => seq(K('intersect'), optional(one_of('all distinct'))),
    subquery: $ => seq('(', field('query', $.query), $._close),

    with_clause: $ => seq(K('with'), optional(K('recursive')), list($.common_table_expression)),
    common_table_expression: $ =>
      prec.right(
        seq(
          field('name', $._name),
          optional(field('columns', $.column_list)),
          K('as'),
          optional(choice(K('materialized'), words('not materialized'))),
          '(',
          field('statement', $._common_statement),
          $._close,
          repeat(alias($._search_or_cycle, $.other_clause)),
        ),
      ),
    _common_statement: $ => choice($.query, $.insert_statement, $.update_statement, $.delete_statement, $.merge_statement, $.unparsed_item),
    _search_or_cycle: $ => prec.right(seq(one_of('search cycle'), repeat1($._loose))),

    select: $ =>
      prec.right(
        seq(
          K('select'),
          repeat($._select_modifier),
          optional($._select_quantifier),
          optional(field('top', $.top_clause)),
          optional(field('list', $.select_list)),
          repeat($._select_clause),
        ),
      ),
    _select_quantifier: $ => choice(K('all'), field('distinct', $.distinct_clause)),
    _select_modifier: _ => one_of('sql_calc_found_rows sql_no_cache sql_cache sql_small_result sql_big_result sql_buffer_result high_priority straight_join'),
    _select_clause: $ =>
      choice(
        field('into', $.into_clause),
        field('from', $.from_clause),
        field('where', $.where_clause),
        field('group_by', $.group_by_clause),
        field('having', $.having_clause),
        field('window', $.window_clause),
        $.other_clause,
      ),
    distinct_clause: $ => prec.right(seq(K('distinct'), optional(seq(K('on'), field('on', $.expression_list))))),
    top_clause: $ => prec.right(seq(alias($._top_ahead, 'TOP'), field('count', choice($.number, $.parenthesized_expression)), optional(K('percent')))),
    select_list: $ => prec.right(list($.select_item)),
    select_item: $ => prec.right(seq(field('value', choice($._value, $.star, $.unparsed_item)), optional($._alias))),
    _alias: $ => prec.right(choice(seq(K('as'), field('alias', choice($._name, $.string))), field('alias', $._plain_name))),
    into_clause: $ => prec.right(seq(K('into'), repeat(one_of('temporary temp unlogged table strict')), list(field('name', $._into_target)), optional($.other_clause))),
    _into_target: $ => choice($._used_relation, alias($._outfile, $.other_clause)),
    _outfile: $ => prec.right(seq(one_of('outfile dumpfile'), $.string)),

    from_clause: $ => prec.right(seq(K('from'), list($._from_item))),
    _from_item: $ =>
      choice($.table_reference, $.subquery_reference, $.function_reference, $.join, $.parenthesized_join, $.unparsed_item),
    table_reference: $ => prec.right(seq(optional(K('only')), field('name', choice($._used_relation, alias($._rows_name, $.object_name))), optional('*'), repeat($._table_tail))),
    _rows_name: $ => prec(-1, field('name', alias(K('rows'), $.identifier))),
    _table_tail: $ => choice(alias($._table_modifier, $.other_clause), $._table_alias),
    _table_alias: $ =>
      prec.right(
        seq(
          choice(seq(K('as'), field('alias', choice($._name, $.string))), field('alias', $._name)),
          optional(field('column_aliases', alias($._alias_columns, $.column_list))),
        ),
      ),
    _alias_columns: $ => seq('(', list(seq(field('column', $._name), optional(field('type', $.type)), optional($.collate))), $._close),
    // Sampling, partitions, index and lock hints.
    _table_modifier: $ =>
      prec.right(
        choice(
          seq(K('tablesample'), $.object_name, $.token_group, optional(seq(K('repeatable'), $.token_group))),
          seq(K('partition'), $.token_group),
          seq(one_of('use force ignore'), one_of('index key'), optional(seq(K('for'), repeat1($.identifier))), $.token_group),
          seq(K('with'), $.token_group),
          seq(words('indexed by'), $._name),
          seq(K('not'), K('indexed')),
          seq(one_of('pivot unpivot'), $.token_group),
        ),
      ),
    subquery_reference: $ =>
      prec.right(2, seq(optional(K('lateral')), field('query', $.subquery), optional($._table_alias))),
    function_reference: $ =>
      prec.right(
        seq(
          optional(K('lateral')),
          choice($._called, seq(words('rows from'), '(', list($._row_source), $._close)),
          optional(words('with ordinality')),
          optional(choice($._table_alias, seq(K('as'), field('column_aliases', alias($._alias_columns, $.column_list))))),
        ),
      ),
    _row_source: $ => seq($._called, optional(seq(K('as'), field('column_aliases', alias($._alias_columns, $.column_list))))),
    parenthesized_join: $ => prec.right(seq('(', list($._from_item), $._close, optional($._table_alias))),
    // A join without a condition takes in the joins behind it, so that a JOIN b JOIN c ON x ON y is read
    // as PostgreSQL does; one with a condition is the left side of the next.
    join: $ =>
      choice(
        prec.right(0, seq(field('left', $._from_item), field('kind', $.join_kind), field('right', $._from_item))),
        prec.left(1, seq(field('left', $._from_item), field('kind', $.join_kind), field('right', $._from_item), $._join_condition)),
      ),
    _join_condition: $ =>
      prec.right(choice(seq(K('on'), field('condition', $._value)), seq(K('using'), field('using', $.column_list), optional(seq(K('as'), field('alias', $._name)))))),
    join_kind: _ =>
      choice(
        seq(optional(K('natural')), optional(choice(one_of('inner cross'), seq(one_of('left right full'), optional(K('outer'))))), K('join')),
        K('straight_join'),
        seq(one_of('cross outer'), K('apply')),
      ),

    where_clause: $ =>
      prec.right(seq(K('where'), field('condition', choice($._value, alias($._current_of, $.other_expression), $.unparsed_item)))),
    _current_of: $ => seq(words('current of'), $._name),
    having_clause: $ => seq(K('having'), field('condition', $._value)),
    group_by_clause: $ =>
      prec.right(
        seq(words('group by'), optional(one_of('all distinct')), list(choice($._value, $.grouping_sets)), optional(words('with rollup'))),
      ),
    grouping_sets: $ => seq(words('grouping sets'), $.expression_list),
    window_clause: $ => prec.right(seq(K('window'), list(seq(field('name', $._name), K('as'), field('window', $.window_specification))))),
    order_by_clause: $ => prec.right(seq(words('order by'), list($.order_term))),
    order_term: $ =>
      prec.right(
        seq(
          field('expression', choice($._value, $.unparsed_item)),
          optional(choice($._direction, seq(K('using'), $._order_operator))),
          optional($._nulls_order),
        ),
      ),
    _order_operator: $ => choice('<', '>', $.operator, $.qualified_operator),
    limit_clause: $ =>
      prec.right(
        seq(
          K('limit'),
          choice(
            field('count', choice($._value, alias(K('all'), $.identifier))),
            seq(field('offset', $._value), ',', field('count', $._value)),
          ),
        ),
      ),
    offset_clause: $ => prec.right(seq(K('offset'), field('count', $._value), optional(one_of('row rows')))),
    fetch_clause: $ =>
      seq(K('fetch'), one_of('first next'), optional(field('count', $._value)), one_of('row rows'), choice(K('only'), words('with ties'))),
    locking_clause: $ => prec.right(seq(K('for'), repeat1($._locking_part))),
    _locking_part: $ => prec.right(choice($.identifier, $.token_group, $.string, seq(K('of'), list(field('table', $.object_name))))),
    // A dump's INSERT can be megabytes of rows that all look alike: the first hundred have a tree.
    values: $ =>
      prec.right(seq(K('values'), $._rows, optional(seq(K('as'), field('row_alias', $._name), optional(field('row_columns', $.column_list)))))),
    _rows: $ => prec.right(seq(list($._values_row), optional(seq(',', $.more_rows)))),
    _values_row: $ => seq(optional(K('row')), field('row', alias($._row, $.expression_list))),
    _row: $ => seq(alias($._row_paren, '('), optional(list(choice($._group_item, $.default_value, $.star))), $._close),
    // MySQL: VALUE is VALUES in an INSERT.
    _value_rows: $ => prec.right(seq(K('value'), $._rows)),

    insert_statement: $ =>
      seq(
        optional(field('with', $.with_clause)),
        $._insert_verb,
        $._insert_target,
        repeat($._insert_modifier),
        $._insert_source,
        repeat($._insert_tail),
        $._write_stop,
      ),
    _insert_target: $ =>
      prec.right(
        seq(
          optional(K('into')),
          field('table', $._used_relation),
          optional(seq(K('as'), field('alias', $._name))),
          optional(field('columns', alias($._target_columns, $.column_list))),
        ),
      ),
    _insert_verb: $ => seq(one_of('insert replace'), repeat($._write_modifier)),
    // LOW_PRIORITY, DELAYED, IGNORE ...; SQLite's OR REPLACE
    _write_modifier: _ => choice(one_of('low_priority delayed high_priority quick ignore'), seq(K('or'), one_of('replace rollback abort fail ignore'))),
    _insert_modifier: $ => choice(seq(words('overriding'), one_of('user system'), K('value')), alias($._output, $.other_clause)),
    _insert_source: $ => choice(field('source', choice($.query, $.default_values, alias($._value_rows, $.values), $.unparsed_item)), seq(K('set'), field('source', $.set_list))),
    _insert_tail: $ =>
      choice(
        field('conflict', $.on_conflict),
        field('duplicate', $.on_duplicate_key),
        field('returning', $.returning_clause),
      ),
    _target_columns: $ => seq('(', optional(list($._target_column)), $._close),
    _target_column: $ => choice(seq(field('column', $._name), repeat(choice($._square_group, seq('.', field('part', $._name))))), $.unparsed_item),
    _output: $ => prec.right(seq(K('output'), repeat1($._loose_or_comma))),
    default_values: _ => words('default values'),
    on_conflict: $ => prec.right(seq(words('on conflict'), repeat($._conflict_target), K('do'), $._conflict_action)),
    _conflict_target: $ =>
      choice(field('target', $.index_elements), field('target_where', $.where_clause), seq(words('on constraint'), field('constraint', $._name))),
    _conflict_action: $ =>
      prec.right(choice(K('nothing'), seq(words('update set'), field('assignments', $.set_list), optional(field('where', $.where_clause))))),
    on_duplicate_key: $ => seq(words('on duplicate key update'), field('assignments', $.set_list)),
    returning_clause: $ => prec.right(seq(K('returning'), field('list', $.select_list), optional(field('into', $.into_clause)))),

    set_list: $ => prec.right(list(choice($.assignment, $.unparsed_item))),
    assignment: $ =>
      prec.right(
        seq(
          field('column', choice($.column_reference, $.column_list, alias($._assigned_element, $.subscript), $.parameter)),
          choice('=', ':=', $.operator),
          field('value', choice($._value, $.default_value)),
        ),
      ),
    _assigned_element: $ => seq(field('value', $.column_reference), '[', field('index', $._subscript_index), ']', repeat($._element_part)),
    _element_part: $ => choice(seq('[', field('index', $._subscript_index), ']'), seq('.', field('part', $._name))),
    update_statement: $ =>
      seq(
        optional(field('with', $.with_clause)),
        K('update'),
        repeat($._write_modifier),
        list(field('table', $._from_item)),
        K('set'),
        field('assignments', $.set_list),
        repeat($._write_tail),
        $._write_stop,
      ),
    _write_tail: $ =>
      choice(
        alias($._output, $.other_clause),
        field('from', $.from_clause),
        field('using', $.using_clause),
        field('where', $.where_clause),
        field('order_by', $.order_by_clause),
        field('limit', $.limit_clause),
        field('returning', $.returning_clause),
        $.other_clause,
      ),
    delete_statement: $ =>
      seq(optional(field('with', $.with_clause)), K('delete'), repeat($._write_modifier), $._delete_target, repeat($._write_tail), $._write_stop),
    _delete_target: $ => prec.right(choice(seq(K('from'), list(field('table', $._from_item))), list(field('target', $.object_name)))),
    using_clause: $ => prec.right(seq(K('using'), list($._from_item))),

    merge_statement: $ =>
      seq(
        optional(field('with', $.with_clause)),
        K('merge'),
        optional(K('into')),
        field('target', $.table_reference),
        K('using'),
        field('source', $._from_item),
        K('on'),
        field('condition', $._value),
        repeat1($.merge_when),
        optional(choice(alias($._output, $.other_clause), field('returning', $.returning_clause))),
        $._write_stop,
      ),
    merge_when: $ =>
      seq(K('when'), optional(K('not')), K('matched'), repeat($._merge_condition), K('then'), $._merge_action),
    _merge_condition: $ => choice(seq(K('by'), one_of('source target')), seq(K('and'), field('condition', $._value))),
    _merge_action: $ =>
      choice(K('delete'), words('do nothing'), seq(words('update set'), field('assignments', $.set_list)), seq(K('insert'), repeat($._merge_insert_part))),
    _merge_insert_part: $ =>
      choice(field('columns', $.column_list), seq(K('overriding'), one_of('user system'), K('value')), seq(K('values'), field('row', $.expression_list)), $.default_values),
    // ------------------------------------------------------------- expressions

    _expression: $ =>
      choice(
        $.column_reference,
        alias($._qualified_star, $.star),
        $.number,
        $.string,
        $.concatenated_string,
        $.dollar_string,
        $.true,
        $.false,
        $.null,
        $.parameter,
        $.function_call,
        $.cast,
        $.typed_literal,
        $.interval_expression,
        $.case_expression,
        $.binary_expression,
        $.unary_expression,
        $.in_expression,
        $.between_expression,
        $.like_expression,
        $.is_expression,
        $.exists_expression,
        $.quantified_expression,
        $.array_expression,
        $.subscript,
        $.field_access,
        $.parenthesized_expression,
        $.row_expression,
        $.subquery,
        $.at_time_zone,
        $.collate_expression,
      ),

    // An expression and its end. The scanner looks at what follows an operand and says
    // whether it goes on with the expression. So whatever the place, an expression is followed by
    // the same token: the parser has one set of states for expressions instead of one for
    // each of the many places they stand at (a tenth of the table, and no conflicts).
    _value: $ => seq($._expression, $._stop),

    // What may stand between parentheses and commas: there, and only there, an expression
    // may go on with anything.
    _group_item: $ => choice($._value, $.other_expression, $.unparsed_item),
    other_expression: $ => prec.right(PREC.loose, seq($._value, repeat1($._loose))),

    column_reference: $ => seq(optional($._qualifiers), field('name', $._name)),
    star: _ => '*',
    _qualified_star: $ => seq($._qualifiers, '*'),
    true: _ => K('true'),
    false: _ => K('false'),
    null: _ => K('null'),
    default_value: _ => K('default'),

    function_call: $ => prec.right(PREC.call, seq(field('name', $.object_name), field('arguments', $.arguments), repeat($._call_tail))),
    _call_tail: $ =>
      choice(
        seq(K('against'), $.token_group),
        field('within_group', $.within_group),
        field('filter', $.filter_clause),
        seq(one_of('ignore respect'), K('nulls')),
        seq(K('over'), field('over', choice($.window_specification, $._plain_name))),
      ),
    arguments: $ =>
      seq(alias($._call_paren, '('), optional($._argument_quantifier), optional(list($._argument)), repeat($._argument_tail), $._close),
    _argument_quantifier: _ => one_of('distinct all'),
    _argument: $ => choice($._group_item, $.named_argument, $.star, $._worded_argument, seq(K('variadic'), $._value)),
    // EXTRACT(year FROM x), SUBSTRING(x FROM 1 FOR 2), OVERLAY(x PLACING y FROM 1), CONVERT(x USING utf8)
    _worded_argument: $ => seq($._value, repeat1(seq(one_of('from for placing using'), $._value))),
    _argument_tail: $ => choice(field('order_by', $.order_by_clause), seq(K('separator'), field('separator', $.string))),
    named_argument: $ => prec(PREC.call, seq(field('name', $._name), choice('=>', ':='), field('value', $._group_item))),
    // A call where no window or filter may follow.
    _called: $ => field('function', alias($._plain_call, $.function_call)),
    _plain_call: $ => seq(field('name', $.object_name), field('arguments', $.arguments)),
    within_group: $ => seq(words('within group'), '(', $.order_by_clause, $._close),
    filter_clause: $ => seq(K('filter'), '(', K('where'), field('condition', $._group_item), $._close),
    window_specification: $ =>
      seq(
        '(',
        optional(field('name', $._plain_name)),
        optional(seq(words('partition by'), list(field('partition', $._value)))),
        optional(field('order_by', $.order_by_clause)),
        optional(field('frame', $.frame_clause)),
        $._close,
      ),
    frame_clause: $ => prec.right(PREC.loose, seq(one_of('rows range groups'), repeat1($._loose))),

    cast: $ =>
      choice(
        prec.left(PREC.cast, seq(field('value', $._expression), '::', field('type', alias($._bounded_type, $.type)))),
        seq(one_of('cast try_cast'), '(', field('value', $._value), K('as'), field('type', $.type), repeat(choice($.character_set, $.collate)), $._close),
      ),
    typed_literal: $ =>
      prec(
        PREC.call,
        choice(
          seq(field('type', alias($._literal_type, $.type)), field('value', $.string)),
          seq($._typed_literal_ahead, field('type', $._bounded_type_node), field('value', $.string)),
        ),
      ),
    _literal_type: $ => prec(PREC.call, field('name', alias($._simple_name, $.object_name))),
    _simple_name: $ => prec(PREC.call, field('name', $.identifier)),
    interval_expression: $ =>
      prec.right(
        seq(
          $._interval_ahead,
          K('interval'),
          field('value', $._value),
          field('unit', $.identifier),
          repeat(choice(seq(K('to'), field('unit_to', $.identifier)), $.token_group, $._in_type)),
        ),
      ),
    case_expression: $ => seq(K('case'), optional(field('value', $._value)), repeat1($.when_clause), optional($.else_clause), K('end')),
    when_clause: $ => seq(K('when'), field('condition', $._value), K('then'), field('result', $._value)),
    else_clause: $ => seq(K('else'), field('result', $._value)),
    binary_expression: $ => {
      const left = (precedence, ...operators) =>
        operators.map(operator =>
          prec.left(precedence, seq(field('left', $._expression), field('operator', operator), field('right', $._expression))),
        );
      return choice(
        ...left(PREC.assign, ':='),
        ...left(PREC.or, one_of('or xor')),
        ...left(PREC.and, K('and')),
        ...left(PREC.comparison, choice(K('overlaps'), '=', '<', '>', '<=', '>=', '<>', '!=')),
        ...left(PREC.operator, choice($.operator, '||', '|', '&', '#', '~', '?', '@', $.qualified_operator)),
        ...left(PREC.add, choice('+', '-')),
        ...left(PREC.multiply, choice('*', '/', '%', K('div'), K('mod'))),
        ...left(PREC.power, '^'),
      );
    },
    qualified_operator: $ => seq(K('operator'), '(', optional($._qualifiers), $._any_operator, ')'),
    unary_expression: $ =>
      choice(
        prec(PREC.not, seq(field('operator', K('not')), field('operand', $._expression))),
        prec(PREC.unary, seq(field('operator', choice('-', '+', '~', '@', '!', K('binary'), K('prior'))), field('operand', $._expression))),
        prec.left(PREC.operator, seq(field('operator', $.operator), field('operand', $._expression))),
      ),

    _not: $ => seq($._not_ahead, K('not')),
    in_expression: $ =>
      prec.left(
        PREC.between,
        seq(field('value', $._expression), optional($._not), K('in'), field('list', choice($.expression_list, $.subquery, $.parameter, $.column_reference, $.function_call, $.string))),
      ),

    between_expression: $ =>
      prec.left(
        PREC.between,
        seq(field('value', $._expression), optional($._not), K('between'), optional(one_of('symmetric asymmetric')), field('low', $._expression), K('and'), field('high', $._expression)),
      ),
    like_expression: $ =>
      prec.left(
        PREC.between,
        seq(
          field('value', $._expression),
          optional($._not),
          field('operator', choice(one_of('like ilike regexp rlike glob match'), words('similar to'), words('sounds like'))),
          field('pattern', $._expression),
          optional(seq(K('escape'), field('escape', $._expression))),
        ),
      ),
    is_expression: $ =>
      prec.left(
        PREC.is,
        seq(
          field('value', $._expression),
          choice(
            one_of('isnull notnull'),
            seq(
              K('is'),
              optional(K('not')),
              choice(
                one_of('null true false unknown document normalized json'),
                seq(words('distinct from'), field('other', $._expression)),
                field('other', choice($.number, $.string, $.parameter, $.column_reference, $.parenthesized_expression, $.function_call)),
              ),
            ),
          ),
        ),
      ),
    exists_expression: $ => seq(K('exists'), field('query', $.subquery)),
    quantified_expression: $ =>
      prec.left(PREC.call, seq(one_of('any all some'), choice(field('operand', $.subquery), seq('(', field('operand', $._group_item), $._close)))),
    // Also without ARRAY, as the levels inside one (and as some databases write lists).
    array_expression: $ =>
      prec.right(PREC.call, choice(seq(K('array'), choice($._array_level, field('query', $.subquery))), $._array_level)),
    _array_level: $ => seq('[', optional(list($._group_item)), $._close_bracket),
    _close_bracket: $ => choice(']', $.missing_close),
    subscript: $ => prec.left(PREC.subscript, seq(field('value', $._expression), '[', optional(field('index', $._subscript_index)), $._close_bracket)),
    // In [1:n] the second bound looks like a parameter.
    _subscript_index: $ => choice($._value, $.unparsed_item, seq(optional($._value), ':', optional($._value)), seq($._value, $.parameter)),
    field_access: $ =>
      prec.left(
        PREC.subscript,
        seq(
          field('value', choice($.parenthesized_expression, $.subscript, $.function_call, $.subquery, $.field_access, $.parameter)),
          '.',
          field('name', choice($._name, alias('*', $.star))),
        ),
      ),
    parenthesized_expression: $ => prec(1, seq('(', field('expression', $._group_item), $._close)),
    row_expression: $ => choice(seq('(', $._group_item, ',', list($._group_item), $._close), seq('(', $._close)),
    expression_list: $ => seq('(', optional(list(choice($._group_item, $.default_value, $.star))), $._close),
    at_time_zone: $ => prec.left(PREC.zone, seq(field('value', $._expression), words('at time zone'), field('zone', $._expression))),
    collate_expression: $ => prec.left(PREC.collate, seq(field('value', $._expression), K('collate'), field('collation', choice($.object_name, $.string)))),

    // ------------------------------------------------------------------ tokens

    // The scanner comes first and knows nested comments and `#`; this is for the case that it
    // has looked past a comment and found that the expression goes on.
    comment: _ => token(choice(/--[^\n]*/, /\/\*([^*]|\*+[^*\/])*\*+\//)),
    number: _ => token(choice(/\d[\d_]*(\.[\d_]*)?([eE][+-]?\d+)?/, /\.\d[\d_]*([eE][+-]?\d+)?/, /0[xX][0-9a-fA-F_]+/, /0[oObB][0-7_]+/)),
    operator: _ =>
      token(
        choice(
          '->', '->>', '#>', '#>>', '#-', '@>', '<@', '&&', '@@', '@@@', '?|', '?&', '@?', '~*', '!~', '!~*', '~~', '~~*', '!~~', '!~~*', '<<', '>>', '&<', '&>', '-|-',
          '<->', '<=>', '<#>', '<+>', '<~>', '<%>', '<%', '%>', '<<%', '%>>', '<<->', '<->>', '<<<->', '<->>>', '<<|', '|>>', '&<|', '|&>', '^@', '~=', '~<~', '~<=~', '~>~', '~>=~',
          '<^', '>^', '?#', '?-', '?-|', '?||', '##', '@-@', '|/', '||/', '!!', '**', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '==', '!<', '!>', '~|', '*<', '*>', '*=', '*<>', '*<=', '*>=',
          /[<>=]{3,}/, /[<>=*+-]*[~^&|!]+[~^&|%!<>=]+/, /<@>/, /%[#!~^&|<>=]+/,
          '<<=', '>>=', '&&&', '|||', '%%', '<&>', '@#', '#=', '#<', '!', '`~',
        ),
      ),
    parameter: _ =>
      token(
        choice(
          /\$\d+/,
          /\$[A-Za-z_]\w*/,
          '?',
          /\?\d+/,
          /:[A-Za-z_\u0080-\u{10ffff}][\w\u0080-\u{10ffff}]*/u,
          /:\d+/,
          /@@?[A-Za-z_\u0080-\u{10ffff}#@$][\w.$#\u0080-\u{10ffff}]*/u,
          /@[`'"][^`'"\n]*[`'"]/,
          /%s/,
          /%\([^)\n]*\)[sdf]/,
        ),
      ),
    template: _ =>
      token(
        choice(
          /([A-Za-z_][\w$]*)?(\{\{[^}\n]*\}\}[\w$]*)+/,
          /([A-Za-z_][\w$]*)?(\$\{[^}\n]*\}[\w$]*)+/,
          /([A-Za-z_][\w$]*)?(#\{[^}\n]*\}[\w$]*)+/,
          /\{[A-Za-z_][\w.]*\}[\w$]*/,
          /:'[^'\n]*'/,
          /:"[^"\n]*"/,
          /@[A-Za-z_]+@/,
        ),
      ),
    quoted_identifier: _ => token(choice(/"([^"{]|""|\{\{[^}]*\}\}|\{)*"/, /`([^`]|``)*`/, /[uU]&"([^"]|"")*"/)),
    _bracket_identifier: _ => token(/\[[^\]\[\n,0-9'"][^\]\n,'"]*\]/),

    // Last, so that every keyword is found to be a word (tree-sitter takes keywords out of
    // the main lexer only then).
    identifier: _ => /[A-Za-z_\u00aa-\u1fff\u2c00-\u2fef\u3040-\ud7ff\uf900-\ufdff\u{10000}-\u{10ffff}][\w$\u00aa-\u1fff\u2c00-\u2fef\u3040-\ud7ff\uf900-\ufdff\u{10000}-\u{10ffff}]*/u,
  },
});
