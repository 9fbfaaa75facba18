#include "project/python_scan.h"

#include "base/hash.h"

enum {
    MAX_IMPORTS = 1000,
    MAX_IMPORT_BYTES = 8192,
    FINGERPRINT_BYTES = 8 << 10, /* of the text: less than anybody reads, so that all agree */
};

static bool has_any(Str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_contains(text, str_from(words[i])))
            return true;
    }
    return false;
}

#define HAS_ANY(text, words) has_any((text), (words), sizeof(words) / sizeof *(words))

PythonFacts python_facts(Str text)
{
    static const char *const libraries[] = {"from sqlalchemy", "import sqlalchemy", "sqlmodel"};
    static const char *const tables[] = {"Column(",       "mapped_column(", "Mapped[",
                                         "__tablename__", "__table__",      "Table(",
                                         "table=True"};
    /* `db` is an extension that another module makes; a base may be another module's too. */
    static const char *const others[] = {".Model)", ".Model,", ".Column(", ".Table(",
                                         "__tablename__"};
    static const char *const helpers[] = {"flask_sqlalchemy", "SQLAlchemy(", "Enum)", "Enum,"};
    bool is_library = HAS_ANY(text, libraries);
    PythonFacts facts = {0};
    facts.has_tables = is_library ? HAS_ANY(text, tables) : HAS_ANY(text, others);
    facts.may_help = facts.has_tables || is_library || HAS_ANY(text, helpers);
    return facts;
}

bool python_may_query(Str text)
{
    static const char *const words[] = {"query", "ession", "select(", ".execute("};
    return HAS_ANY(text, words);
}

/* ---- imports ---- */

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static uint32_t skip_blanks(Str text, uint32_t at)
{
    while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\t'))
        at++;
    return at;
}

/* A word, with the dots in it where `is_dotted`. */
static Str read_name(Str text, uint32_t *at, bool is_dotted)
{
    *at = skip_blanks(text, *at);
    uint32_t start = *at;
    while (*at < text.length &&
           (is_name_byte(text.data[*at]) || (is_dotted && text.data[*at] == '.' && *at > start)))
        ++*at;
    return str_slice(text, start, *at);
}

/* To the next name of a list: past commas, brackets, continued lines and comments. False at the
 * statement's end. */
static bool next_in_list(Str text, uint32_t *at, bool *is_bracketed)
{
    while (*at < text.length) {
        char c = text.data[*at];
        if (c == '(')
            *is_bracketed = true;
        if (c == ')' || c == ';' || (c == '\n' && !*is_bracketed))
            return false;
        if (c == '#') {
            while (*at < text.length && text.data[*at] != '\n')
                ++*at;
            continue;
        }
        if (c == '\\' && *at + 1 < text.length) {
            *at += 2;
            continue;
        }
        if (is_name_byte(c))
            return true;
        ++*at;
    }
    return false;
}

static uint32_t read_names(Arena *out, Str text, uint32_t at, PythonImport *import)
{
    bool is_bracketed = false;
    uint32_t limit = at + MAX_IMPORT_BYTES < text.length ? at + MAX_IMPORT_BYTES : text.length;
    text = str_slice(text, 0, limit);
    while (next_in_list(text, &at, &is_bracketed)) {
        VEC_PUSH(out, &import->names, read_name(text, &at, false));
        uint32_t behind = at;
        if (str_equal(read_name(text, &behind, false), STR("as"))) {
            (void)read_name(text, &behind, false);
            at = behind;
        }
    }
    return at;
}

/* `import a.b as c, d` */
static uint32_t read_modules(Arena *out, Str text, uint32_t at, PythonImportVec *imports)
{
    bool is_bracketed = false;
    while (next_in_list(text, &at, &is_bracketed)) {
        Str module = read_name(text, &at, true);
        uint32_t behind = at;
        if (str_equal(read_name(text, &behind, false), STR("as"))) {
            (void)read_name(text, &behind, false);
            at = behind;
        }
        VEC_PUSH(out, imports, ((PythonImport){.module = module}));
        if (imports->n >= MAX_IMPORTS)
            break;
    }
    return at;
}

PythonImportVec python_imports(Arena *out, Str text)
{
    PythonImportVec imports = {0};
    uint32_t at = 0;
    while (at < text.length && imports.n < MAX_IMPORTS) {
        uint32_t word_at = at;
        Str word = read_name(text, &word_at, false);
        if (str_equal(word, STR("from"))) {
            PythonImport import = {0};
            word_at = skip_blanks(text, word_at);
            for (; word_at < text.length && text.data[word_at] == '.'; word_at++)
                import.level++;
            if (skip_blanks(text, word_at) == word_at) /* `from . import x` has none */
                import.module = read_name(text, &word_at, true);
            if (str_equal(read_name(text, &word_at, false), STR("import"))) {
                at = read_names(out, text, word_at, &import);
                VEC_PUSH(out, &imports, import);
            }
        } else if (str_equal(word, STR("import"))) {
            at = read_modules(out, text, word_at, &imports);
        }
        uint32_t newline = str_find(text, STR("\n"), at);
        at = newline == UINT32_MAX ? text.length : newline + 1;
    }
    return imports;
}

uint64_t python_fingerprint(Str text)
{
    Arena scratch = {0};
    text = str_slice(text, 0, FINGERPRINT_BYTES);
    PythonImportVec imports = python_imports(&scratch, text);
    PythonFacts facts = python_facts(text);
    uint64_t hash = facts.has_tables + 1;
    for (uint32_t i = 0; i < imports.n; i++) {
        const PythonImport *import = &imports.items[i];
        hash = hash_bytes(import->module.data, import->module.length, hash + import->level);
        for (uint32_t j = 0; j < import->names.n; j++)
            hash = hash_bytes(import->names.items[j].data, import->names.items[j].length, hash);
    }
    arena_release(&scratch);
    return hash ? hash : 1;
}
