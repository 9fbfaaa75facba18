/* How it works
 *
 * The grammar's generated file (grammars/<language>/src/parser.c) holds an LR(1) automaton, the
 * functions that read tokens, and for each production the names and roles of its children. This is
 * the driver of that automaton: read a token as the state on top of the stack allows, do what the
 * table says.
 *
 *     stack    state, part      shift: push the token
 *              state, part      reduce: the topmost n become the children of a new part
 *              …
 *
 * A part is a token or a production. Parts are linked to their siblings when they get a parent.
 * Many are hidden: repetitions, and rules that only group others. The tree shows what is visible;
 * a role (field) or another name (alias) that a production gives to a hidden child goes to the
 * visible ones in it. So the tree is written in a second walk, from the root.
 *
 * Comments are extras: they may stand anywhere and count as nobody's child. Those on top of the
 * stack when a production ends stay behind it.
 *
 * Python's grammar leaves a choice where a list of names may turn out to be assigned to: `[a, b]`
 * is an expression, and of `[a, b] = c` a pattern. The driver notes where it stood (one place: the
 * latest), takes one way, and goes back for the other when the text does not go on as that one
 * needs. No text can be read both ways to its end; where a grammar says that one can (it gives
 * precedence to one at run time), or with three ways, we give up, as with whatever else tree-sitter
 * has. */
#include "syntax/direct.h"

#include <string.h>

#include <tree_sitter/api.h>

#include "base/panic.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "sql/src/tree_sitter/parser.h" /* the tables' layout: the same in every grammar of an ABI */

#define NO_PART UINT32_MAX

enum {
    STATE_START = 1,
    NO_LEX_STATE = UINT16_MAX, /* inside an extra that is a rule of its own */
    EXTRA = UINT16_MAX,        /* there are fewer productions: direct_new looks */
    DEPTH_MAX = 5000,          /* parts that wait for what is inside them: real texts have 200 */
    FIRST_CAPACITY = 256,
    FOUND_BITS = 12,
    KNOWN_BITS = 10,
    KNOWN_MAX = 15, /* bytes of a word whose meaning is kept: longer ones are rare */
    KEPT_MAX = 128, /* entries of the stack: statements nest less deeply */
};

typedef struct {
    TSSymbol symbol;
    uint16_t production; /* of a token: 0, or EXTRA */
    uint32_t start, end;
    uint32_t first_child, next; /* NO_PART: none */
} Part;

typedef struct {
    uint32_t part;
    TSStateId state; /* after it */
    bool is_extra;
} Entry;

/* A part whose children are being written. */
typedef struct {
    uint32_t next;    /* the next child */
    NodeIndex node;   /* what was written for it; NO_NODE: it is hidden */
    NodeIndex parent; /* of what will be written for its children */
    uint16_t production;
    uint16_t n_children; /* written so far; extras do not count */
    TSFieldId field;     /* of a hidden part: its children's, where they have none of their own */
} Frame;

typedef struct {
    TSSymbol symbol;
    uint32_t start, end;
    bool is_keyword; /* a word that some keyword is spelled like */
} Token;

typedef struct {
    TSLexer functions; /* first: the grammar's code gets its address */
    Str text;
    uint32_t at, width; /* of the character in `functions.lookahead` */
    uint32_t start, end;
    bool has_end;
} Lexer;

typedef struct {
    Entry entry;
    TSSymbol symbol; /* of its part, which may have been given another since */
} KeptEntry;

/* Where a choice was taken, and the other one. */
typedef struct {
    const TSParseAction *other; /* NULL: no way back */
    Token token;
    uint32_t position, depth, n_parts, n_entries;
    KeptEntry entries[KEPT_MAX];
    char scanner_state[TREE_SITTER_SERIALIZATION_BUFFER_SIZE];
    unsigned scanner_state_length;
} Choice;

/* What a search in the tables gave: few of them make up most of a text. */
typedef struct {
    uint32_t key; /* state and symbol; 0: none, for no such state is searched */
    uint16_t value;
} Found;

/* Whether a word is a keyword: the same few make up most of a text. */
typedef struct {
    char word[KNOWN_MAX + 1]; /* as it is written, then NULs; its length is the last byte */
    TSSymbol symbol;          /* 0: it is none */
} Known;

struct DirectParser {
    Arena arena;
    const TSLanguage *language;
    Lexer lexer;
    uint32_t position; /* behind the last token */
    uint32_t depth;    /* of the stack, without extras */
    void *scanner;
    char scanner_state[TREE_SITTER_SERIALIZATION_BUFFER_SIZE]; /* after the last token of its own */
    unsigned scanner_state_length;
    Choice choice;
    Found found[1 << FOUND_BITS];
    Known known[1 << KNOWN_BITS];
    /* Each in an arena of its own, kept from one text to the next. */
    struct {
        Arena arena;
        Part *items;
        uint32_t n, capacity;
    } parts;
    struct {
        Arena arena;
        Entry *items;
        uint32_t n, capacity;
    } stack;
    struct {
        Arena arena;
        Frame *items;
        uint32_t n, capacity;
    } frames;
};

/* The last item of a list, which may move. */
#define PUSH(list)                                                                                 \
    ((list)->n == (list)->capacity                                                                 \
         ? (void)((list)->items = grow(&(list)->arena, (list)->items, sizeof *(list)->items,       \
                                       &(list)->capacity))                                         \
         : (void)0,                                                                                \
     &(list)->items[(list)->n++])

/* Not vec_grow: what was there before is given back, because long texts make long lists. */
static void *grow(Arena *arena, const void *items, size_t item_size, uint32_t *capacity)
{
    CHECK(*capacity < UINT32_MAX / 2);
    uint32_t larger = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    Arena next = arena_with_capacity(item_size * larger);
    void *moved = arena_alloc_raw(&next, item_size * larger);
    if (items)
        memcpy(moved, items, item_size * *capacity);
    arena_release(arena);
    *arena = next;
    *capacity = larger;
    return moved;
}

/* ---- characters, for the grammar's functions ---- */

static void look(Lexer *lexer)
{
    lexer->width = 1;
    if (lexer->at >= lexer->text.length) {
        lexer->functions.lookahead = 0;
        return;
    }
    unsigned char first = (unsigned char)lexer->text.data[lexer->at];
    lexer->functions.lookahead = first;
    if (first >= 0x80) {
        uint32_t code_point = utf8_decode(lexer->text, lexer->at, &lexer->width);
        lexer->functions.lookahead = lexer->width == 1 ? -1 : (int32_t)code_point;
    }
}

static void advance(TSLexer *functions, bool is_skipped)
{
    Lexer *lexer = (Lexer *)functions;
    if (lexer->at >= lexer->text.length)
        return;
    lexer->at += lexer->width;
    if (is_skipped)
        lexer->start = lexer->at;
    look(lexer);
}

static void mark_end(TSLexer *functions)
{
    Lexer *lexer = (Lexer *)functions;
    lexer->end = lexer->at;
    lexer->has_end = true;
}

static bool is_at_end(const TSLexer *functions)
{
    const Lexer *lexer = (const Lexer *)functions;
    return lexer->at >= lexer->text.length;
}

/* Characters from the start of the line. */
static uint32_t column(TSLexer *functions)
{
    const Lexer *lexer = (const Lexer *)functions;
    uint32_t start = lexer->at;
    while (start > 0 && lexer->text.data[start - 1] != '\n')
        start--;
    return utf8_count(str_slice(lexer->text, start, lexer->at));
}

static bool is_at_range_start(const TSLexer *functions)
{
    (void)functions;
    return false;
}

static void log_nothing(const TSLexer *functions, const char *format, ...)
{
    (void)functions;
    (void)format;
}

static void begin_token(Lexer *lexer, uint32_t at)
{
    enum { BYTE_ORDER_MARK = 0xFEFF };
    lexer->at = lexer->start = at;
    lexer->has_end = false;
    lexer->functions.result_symbol = 0;
    look(lexer);
    if (at == 0 && lexer->functions.lookahead == BYTE_ORDER_MARK)
        advance(&lexer->functions, true);
}

static void end_token(Lexer *lexer)
{
    if (!lexer->has_end)
        lexer->end = lexer->at;
    if (lexer->end < lexer->start)
        lexer->start = lexer->end;
}

/* ---- tables ---- */

/* Most states keep their symbols in a list that is searched from its start. */
static uint16_t search(const TSLanguage *language, TSStateId state, TSSymbol symbol)
{
    const uint16_t *at = language->small_parse_table +
                         language->small_parse_table_map[state - language->large_state_count];
    for (uint16_t n_groups = *at++; n_groups > 0; n_groups--) {
        uint16_t value = *at++;
        uint16_t n_symbols = *at++;
        for (uint16_t i = 0; i < n_symbols; i++) {
            if (at[i] == symbol)
                return value;
        }
        at += n_symbols;
    }
    return 0;
}

/* A terminal's entry in parse_actions, a nonterminal's next state; 0: none. */
static uint16_t look_up(DirectParser *p, TSStateId state, TSSymbol symbol)
{
    const TSLanguage *language = p->language;
    if (state < language->large_state_count)
        return language->parse_table[state * language->symbol_count + symbol];
    uint32_t key = (uint32_t)state << 16 | symbol;
    Found *found = &p->found[(key * UINT32_C(0x9E3779B1)) >> (32 - FOUND_BITS)];
    if (found->key != key)
        *found = (Found){.key = key, .value = search(language, state, symbol)};
    return found->value;
}

static bool is_reserved(const TSLanguage *language, TSStateId state, TSSymbol symbol)
{
    uint32_t set = language->lex_modes[state].reserved_word_set_id;
    uint32_t start = set * language->max_reserved_word_set_size;
    for (uint32_t i = 0; set > 0 && i < language->max_reserved_word_set_size; i++) {
        TSSymbol word = language->reserved_words[start + i];
        if (word == symbol || word == 0)
            return word == symbol;
    }
    return false;
}

/* Ways that a text decides between as it goes on, not the grammar. */
static bool is_choice(const TSParseAction *a, const TSParseAction *b)
{
    return a->type == TSParseActionTypeReduce && b->type == TSParseActionTypeReduce &&
           a->reduce.dynamic_precedence == 0 && b->reduce.dynamic_precedence == 0;
}

/* What to do with `symbol` in `state`; NULL where there is nothing, or more than we follow. Of two
 * things, the one that is nearly always right is first, the other in `other`, else NULL: an
 * expression is a part of fewer children, or made later in the table, than a pattern. The
 * generator's shifts of repetitions stand beside the reduction that is meant, and are none. */
static const TSParseAction *action_for(DirectParser *p, TSStateId state, TSSymbol symbol,
                                       const TSParseAction **other)
{
    const TSParseActionEntry *entry = &p->language->parse_actions[look_up(p, state, symbol)];
    const TSParseAction *first = NULL;
    *other = NULL;
    for (uint8_t i = 0; i < entry->entry.count; i++) {
        const TSParseAction *action = &entry[i + 1].action;
        if (action->type == TSParseActionTypeShift && action->shift.repetition)
            continue;
        if (first && (*other || !is_choice(first, action)))
            return NULL;
        bool is_better = first && action->reduce.child_count <= first->reduce.child_count;
        *other = is_better ? first : first ? action : NULL;
        first = is_better || !first ? action : first;
    }
    return first;
}

/* ---- tokens ---- */

/* A token that changes nothing, neither place nor state, would be read for ever. */
static bool is_idle(DirectParser *p, TSStateId state, TSSymbol symbol, bool scanner_moved)
{
    if (p->lexer.end > p->position || scanner_moved)
        return false;
    const TSParseAction *other;
    const TSParseAction *action = action_for(p, state, symbol, &other);
    return action && action->type == TSParseActionTypeShift &&
           (action->shift.extra || action->shift.state == state);
}

/* By the grammar's own scanner, whose state is that after its last token. */
static bool read_external(DirectParser *p, TSStateId state, TSStateId external_state, Token *token)
{
    const TSLanguage *language = p->language;
    begin_token(&p->lexer, p->position);
    language->external_scanner.deserialize(p->scanner, p->scanner_state, p->scanner_state_length);
    const bool *valid =
        language->external_scanner.states + language->external_token_count * external_state;
    if (!language->external_scanner.scan(p->scanner, &p->lexer.functions, valid))
        return false;
    end_token(&p->lexer);
    char scanner_state[TREE_SITTER_SERIALIZATION_BUFFER_SIZE];
    unsigned length = language->external_scanner.serialize(p->scanner, scanner_state);
    bool has_moved =
        length != p->scanner_state_length || memcmp(scanner_state, p->scanner_state, length) != 0;
    TSSymbol symbol = language->external_scanner.symbol_map[p->lexer.functions.result_symbol];
    if (is_idle(p, state, symbol, has_moved))
        return false;
    memcpy(p->scanner_state, scanner_state, length);
    p->scanner_state_length = length;
    *token = (Token){.symbol = symbol, .start = p->lexer.start, .end = p->lexer.end};
    return true;
}

/* The keyword that is spelled like the word; 0: none is. */
static TSSymbol spell(DirectParser *p, const Token *word)
{
    begin_token(&p->lexer, word->start);
    bool is_keyword =
        p->language->keyword_lex_fn(&p->lexer.functions, 0) && p->lexer.end == word->end;
    return is_keyword ? p->lexer.functions.result_symbol : 0;
}

static TSSymbol keyword_of(DirectParser *p, const Token *word)
{
    uint32_t length = word->end - word->start;
    if (length > KNOWN_MAX)
        return spell(p, word);
    char key[KNOWN_MAX + 1] = {[KNOWN_MAX] = (char)length};
    uint64_t halves[2];
    memcpy(key, p->lexer.text.data + word->start, length);
    memcpy(halves, key, sizeof halves);
    uint64_t hash =
        (halves[0] ^ halves[1] * UINT64_C(0x9FB21C651E98DF25)) * UINT64_C(0x9E3779B97F4A7C15);
    Known *known = &p->known[hash >> (64 - KNOWN_BITS)];
    if (memcmp(known->word, key, sizeof key) != 0) {
        memcpy(known->word, key, sizeof key);
        known->symbol = spell(p, word);
    }
    return known->symbol;
}

/* A word is a keyword where the state knows that keyword, and a name elsewhere. */
static void read_keyword(DirectParser *p, TSStateId state, Token *token)
{
    TSSymbol symbol = keyword_of(p, token);
    token->is_keyword = symbol != 0;
    if (symbol != 0 && (look_up(p, state, symbol) || is_reserved(p->language, state, symbol)))
        token->symbol = symbol;
}

/* Passed over at once: the grammar's function would take it character by character. */
static uint32_t skip_space(Str text, uint32_t at)
{
    while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\n'))
        at++;
    return at;
}

static bool read_token(DirectParser *p, TSStateId state, Token *token)
{
    TSLexerMode mode = p->language->lex_modes[state];
    if (mode.lex_state == NO_LEX_STATE)
        return false;
    if (mode.external_lex_state != 0 && read_external(p, state, mode.external_lex_state, token))
        return true;
    begin_token(&p->lexer, skip_space(p->lexer.text, p->position));
    if (!p->language->lex_fn(&p->lexer.functions, mode.lex_state))
        return false;
    end_token(&p->lexer);
    *token = (Token){
        .symbol = p->lexer.functions.result_symbol, .start = p->lexer.start, .end = p->lexer.end};
    if (token->symbol == p->language->keyword_capture_token && token->symbol != 0)
        read_keyword(p, state, token);
    return true;
}

/* ---- the automaton ---- */

static void push(DirectParser *p, Entry entry)
{
    *PUSH(&p->stack) = entry;
}

static void shift(DirectParser *p, TSStateId state, const TSParseAction *action, const Token *token)
{
    uint32_t part = p->parts.n;
    *PUSH(&p->parts) = (Part){.symbol = token->symbol,
                              .start = token->start,
                              .end = token->end,
                              .production = action->shift.extra ? EXTRA : 0,
                              .first_child = NO_PART,
                              .next = NO_PART};
    push(p, (Entry){.part = part,
                    .state = action->shift.extra ? state : action->shift.state,
                    .is_extra = action->shift.extra});
    p->depth += !action->shift.extra;
    p->position = token->end;
}

/* Makes entries [first, end) of the stack siblings; returns the first one's part. */
static uint32_t link_parts(DirectParser *p, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++)
        p->parts.items[p->stack.items[i].part].next =
            i + 1 < end ? p->stack.items[i + 1].part : NO_PART;
    return p->stack.items[first].part;
}

/* A hidden production: whoever holds nothing else can take its place, and its children. */
static bool is_mere_group(const DirectParser *p, uint32_t part)
{
    const Part *only = &p->parts.items[part];
    return only->first_child != NO_PART && !p->language->symbol_metadata[only->symbol].visible;
}

/* False for a production without children: only an empty text has one. */
static bool reduce(DirectParser *p, const TSParseAction *action)
{
    if (action->reduce.child_count == 0)
        return false;
    p->depth -= action->reduce.child_count - 1u;
    uint32_t end = p->stack.n;
    while (p->stack.items[end - 1].is_extra)
        end--;
    uint32_t first = end;
    for (uint32_t n = action->reduce.child_count; n > 0; first--) {
        CHECK(first > 1); /* entry 0 is the start, which is no part */
        n -= !p->stack.items[first - 1].is_extra;
    }
    TSStateId state = look_up(p, p->stack.items[first - 1].state, action->reduce.symbol);
    uint32_t first_part = link_parts(p, first, end);
    uint32_t part = p->parts.n;
    if (end == first + 1 && action->reduce.production_id == 0 && is_mere_group(p, first_part)) {
        p->parts.items[first_part].symbol = action->reduce.symbol;
        p->stack.items[first].state = state;
        for (uint32_t i = end; i < p->stack.n; i++)
            p->stack.items[i].state = state;
        return true;
    }
    Part *made = PUSH(&p->parts);
    *made = (Part){.symbol = action->reduce.symbol,
                   .production = action->reduce.production_id,
                   .start = p->parts.items[first_part].start,
                   .end = p->parts.items[p->stack.items[end - 1].part].end,
                   .first_child = first_part,
                   .next = NO_PART};
    p->stack.items[first] = (Entry){.part = part, .state = state};
    uint32_t n = first + 1;
    for (uint32_t i = end; i < p->stack.n; i++, n++) {
        p->stack.items[n] = p->stack.items[i];
        p->stack.items[n].state = state;
    }
    p->stack.n = n;
    return true;
}

/* What is left on the stack is the root and the extras around it, which become its children. */
static uint32_t accept(DirectParser *p)
{
    uint32_t root = NO_PART;
    for (uint32_t i = 1; i < p->stack.n; i++) {
        if (!p->stack.items[i].is_extra)
            root = i;
    }
    CHECK(root != NO_PART);
    Part *part = &p->parts.items[p->stack.items[root].part];
    uint32_t last = part->first_child;
    while (p->parts.items[last].next != NO_PART)
        last = p->parts.items[last].next;
    if (root + 1 < p->stack.n)
        p->parts.items[last].next = link_parts(p, root + 1, p->stack.n);
    if (root > 1) {
        uint32_t first = link_parts(p, 1, root);
        p->parts.items[p->stack.items[root - 1].part].next = part->first_child;
        part->first_child = first;
        part->start = p->parts.items[first].start;
    }
    part->end = p->lexer.text.length;
    return p->stack.items[root].part;
}

/* ---- choices ---- */

/* Notes the place at which `other` may be done with the token; false where it is too deep. */
static bool note_choice(DirectParser *p, const Token *token, const TSParseAction *other)
{
    Choice *choice = &p->choice;
    if (p->stack.n > KEPT_MAX)
        return false;
    choice->other = other;
    choice->token = *token;
    choice->position = p->position;
    choice->depth = p->depth;
    choice->n_parts = p->parts.n;
    choice->n_entries = p->stack.n;
    for (uint32_t i = 0; i < p->stack.n; i++) {
        Entry entry = p->stack.items[i];
        TSSymbol symbol = entry.part == NO_PART ? 0 : p->parts.items[entry.part].symbol;
        choice->entries[i] = (KeptEntry){entry, symbol};
    }
    memcpy(choice->scanner_state, p->scanner_state, p->scanner_state_length);
    choice->scanner_state_length = p->scanner_state_length;
    return true;
}

/* Back to where the latest choice was taken; NULL: there is none. Siblings are linked anew. */
static const TSParseAction *go_back(DirectParser *p, Token *token)
{
    Choice *choice = &p->choice;
    const TSParseAction *other = choice->other;
    if (!other)
        return NULL;
    choice->other = NULL;
    *token = choice->token;
    p->position = choice->position;
    p->depth = choice->depth;
    p->parts.n = choice->n_parts;
    p->stack.n = choice->n_entries;
    for (uint32_t i = 0; i < choice->n_entries; i++) {
        Entry entry = choice->entries[i].entry;
        p->stack.items[i] = entry;
        if (entry.part != NO_PART)
            p->parts.items[entry.part].symbol = choice->entries[i].symbol;
    }
    memcpy(p->scanner_state, choice->scanner_state, choice->scanner_state_length);
    p->scanner_state_length = choice->scanner_state_length;
    return other;
}

/* What is to be done with the token; NULL: nothing is, or more than we follow. A keyword that has
 * no place here may still be a name. */
static const TSParseAction *action_on(DirectParser *p, TSStateId state, Token *token)
{
    const TSParseAction *other;
    const TSParseAction *action = action_for(p, state, token->symbol, &other);
    if (!action && token->is_keyword && token->symbol != p->language->keyword_capture_token &&
        !look_up(p, state, token->symbol) && !is_reserved(p->language, state, token->symbol)) {
        token->symbol = p->language->keyword_capture_token;
        action = action_for(p, state, token->symbol, &other);
    }
    if (other && !note_choice(p, token, other))
        return NULL;
    return action;
}

/* The root's part; NO_PART where we give up. */
static uint32_t run(DirectParser *p, uint32_t n_steps)
{
    push(p, (Entry){.part = NO_PART, .state = STATE_START});
    Token token;
    bool has_token = false;
    while (n_steps-- > 0 && p->depth <= DEPTH_MAX) {
        TSStateId state = VEC_LAST(&p->stack)->state;
        const TSParseAction *action = NULL;
        if (has_token || read_token(p, state, &token))
            action = action_on(p, state, &token);
        if (!action)
            action = go_back(p, &token);
        if (!action)
            return NO_PART;
        has_token = true;
        switch ((TSParseActionType)action->type) {
        case TSParseActionTypeShift:
            shift(p, VEC_LAST(&p->stack)->state, action, &token);
            has_token = false;
            break;
        case TSParseActionTypeReduce:
            if (!reduce(p, action))
                return NO_PART;
            break;
        case TSParseActionTypeAccept:
            return accept(p);
        case TSParseActionTypeRecover:
            return NO_PART;
        }
    }
    return NO_PART;
}

/* ---- the tree ---- */

static TSFieldId field_at(const TSLanguage *language, uint16_t production, uint16_t child)
{
    TSMapSlice slice = language->field_map_slices[production];
    const TSFieldMapEntry *entries = &language->field_map_entries[slice.index];
    for (uint16_t i = 0; i < slice.length; i++) {
        if (!entries[i].inherited && entries[i].child_index == child)
            return entries[i].field_id;
    }
    return 0;
}

static TSSymbol alias_at(const TSLanguage *language, uint16_t production, uint16_t child)
{
    return production
               ? language->alias_sequences[production * language->max_alias_sequence_length + child]
               : 0;
}

static void enter(DirectParser *p, const Part *part, Frame frame)
{
    frame.next = part->first_child;
    frame.production = part->production;
    *PUSH(&p->frames) = frame;
}

/* Appends the child that comes next in the frame on top; goes into it where it has children. */
static void write_child(DirectParser *p, Node *nodes, uint32_t *n)
{
    const TSLanguage *language = p->language;
    Frame *frame = VEC_LAST(&p->frames);
    const Part *part = &p->parts.items[frame->next];
    NodeIndex parent = frame->parent;
    TSSymbol symbol = part->symbol;
    TSFieldId field = 0;
    bool is_visible = language->symbol_metadata[symbol].visible;
    frame->next = part->next;
    if (part->production != EXTRA) {
        field = field_at(language, frame->production, frame->n_children);
        if (field == 0)
            field = frame->field;
        TSSymbol alias = alias_at(language, frame->production, frame->n_children);
        if (alias) {
            symbol = alias;
            is_visible = true;
        }
        frame->n_children++;
    }
    NodeIndex node = NO_NODE;
    if (is_visible) {
        node = (*n)++;
        nodes[node] = (Node){.kind = language->public_symbol_map[symbol],
                             .field = field,
                             .start = part->start,
                             .end = part->end,
                             .next = *n,
                             .parent = parent,
                             .is_named = language->symbol_metadata[symbol].named};
    }
    if (part->first_child != NO_PART)
        enter(p, part,
              (Frame){.node = node,
                      .parent = is_visible ? node : parent,
                      .field = is_visible ? 0 : field});
}

static Tree write_tree(DirectParser *p, uint32_t root, Arena *out)
{
    const Part *part = &p->parts.items[root];
    Node *nodes = arena_alloc_raw(out, sizeof(Node) * p->parts.n); /* no part gives two */
    uint32_t n = 1;
    nodes[0] = (Node){.kind = p->language->public_symbol_map[part->symbol],
                      .start = part->start,
                      .end = part->end,
                      .parent = NO_NODE,
                      .is_named = p->language->symbol_metadata[part->symbol].named};
    enter(p, part, (Frame){.node = 0, .parent = 0});
    while (p->frames.n > 0) {
        const Frame *frame = VEC_LAST(&p->frames);
        if (frame->next != NO_PART) {
            write_child(p, nodes, &n);
            continue;
        }
        if (frame->node != NO_NODE)
            nodes[frame->node].next = n;
        p->frames.n--;
    }
    return (Tree){.text = p->lexer.text, .nodes = nodes, .n_nodes = n};
}

/* ---- the whole ---- */

DirectParser *direct_new(const TSLanguage *language)
{
    DirectParser *parser = ARENA_OWNER_NEW(DirectParser);
    CHECK(language->production_id_count < EXTRA);
    parser->language = language;
    parser->lexer.functions = (TSLexer){.advance = advance,
                                        .mark_end = mark_end,
                                        .get_column = column,
                                        .is_at_included_range_start = is_at_range_start,
                                        .eof = is_at_end,
                                        .log = log_nothing};
    if (language->external_scanner.create)
        parser->scanner = language->external_scanner.create();
    return parser;
}

void direct_free(DirectParser *parser)
{
    if (!parser)
        return;
    if (parser->language->external_scanner.destroy)
        parser->language->external_scanner.destroy(parser->scanner);
    arena_release(&parser->parts.arena);
    arena_release(&parser->stack.arena);
    arena_release(&parser->frames.arena);
    arena_owner_free(&parser->arena);
}

size_t direct_size(const DirectParser *parser)
{
    return parser->arena.total + parser->parts.arena.total + parser->stack.arena.total +
           parser->frames.arena.total;
}

bool direct_was_too_deep(const DirectParser *parser)
{
    return parser->depth > DEPTH_MAX;
}

bool direct_parse(DirectParser *parser, Str text, uint32_t n_steps, Arena *out, Tree *tree)
{
    parser->lexer.text = text;
    parser->position = 0;
    parser->depth = 0;
    parser->scanner_state_length = 0;
    parser->choice.other = NULL;
    parser->parts.n = parser->stack.n = parser->frames.n = 0;
    uint32_t root = run(parser, n_steps);
    if (root != NO_PART)
        *tree = write_tree(parser, root, out);
    return root != NO_PART;
}
