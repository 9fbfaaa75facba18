-- company.lua - beside other language servers in the same buffers: squawk's, Prisma's, pyright. Nothing is there twice, nobody
-- fights. They are started as people have them, by the file's type.
local tap = dofile(vim.env.SUITES .. '/tap.lua')
local check, wait, has, text, at = tap.check, tap.wait, tap.has, tap.text, tap.at

---@type table<string, vim.lsp.ClientConfig>
local servers = {
  squawk = {
    cmd = { vim.env.PEERS .. '/@squawk-cli/linux-x64/bin/squawk', 'server' },
    filetypes = { 'sql' },
  },
  prismals = {
    cmd = { 'node', vim.env.PEERS .. '/@prisma/language-server/dist/bin.js', '--stdio' },
    filetypes = { 'prisma' },
    settings = { prisma = { prismaFmtBinPath = '' } },
  },
  pyright = {
    cmd = { 'node', vim.env.PEERS .. '/pyright/langserver.index.js', '--stdio' },
    filetypes = { 'python' },
    settings = { python = { analysis = { autoSearchPaths = true, useLibraryCodeForTypes = true, diagnosticMode = 'openFilesOnly' } } },
  },
}

---@param name string
---@return string? why the server cannot be run here
local function absence(name)
  local cmd = servers[name].cmd
  local program = cmd[1] == 'node' and cmd[2] or cmd[1]
  if not vim.uv.fs_stat(program) then
    return 'it is not in tests/peers'
  elseif vim.fn.executable(cmd[1]) == 0 then
    return 'no ' .. cmd[1] .. ' here'
  end
end

---@param name string
---@param buffer integer
local function start(name, buffer)
  local config = vim.tbl_extend('force', servers[name], { name = name, root_dir = vim.fn.getcwd() })
  assert(vim.lsp.start(config, { bufnr = buffer }))
end

---Starts a server for all files of its type from now on.
---@param name string
local function start_by_type(name)
  vim.api.nvim_create_autocmd('FileType', {
    pattern = servers[name].filetypes,
    callback = function(event) start(name, event.buf) end,
  })
end

---@param name string
---@param buffer integer
---@return vim.lsp.Client
local function client_of(name, buffer)
  return wait(name, function()
    local client = vim.lsp.get_clients({ name = name, bufnr = buffer })[1]
    return client and client.initialized and client
  end)
end

---Nobody was asked anything.
vim.ui.select = function() error('somebody was asked to choose') end
vim.ui.input = function() error('somebody was asked for text') end

-- ---- reports ----

---@param finding vim.Diagnostic
---@return boolean
local function is_ours(finding)
  return finding.source == 'lintel'
end

---@param buffer integer
---@param code string
---@return vim.Diagnostic?
local function finding(buffer, code)
  return vim.iter(vim.diagnostic.get(buffer)):find(function(each)
    return each.code == code
  end)
end

---@param buffer integer
---@param ... string codes
local function wait_for(buffer, ...)
  for _, code in ipairs({ ... }) do
    wait(code, function() return finding(buffer, code) end)
  end
end

---@param buffer integer
---@param ... string codes
local function wait_without(buffer, ...)
  for _, code in ipairs({ ... }) do
    wait('no ' .. code, function() return not finding(buffer, code) end)
  end
end

---@param a vim.Diagnostic
---@param b vim.Diagnostic
---@return boolean
local function overlap(a, b)
  local function is_before(line, column, other_line, other_column)
    return line < other_line or line == other_line and column < other_column
  end
  return is_before(a.lnum, a.col, b.end_lnum, b.end_col) and is_before(b.lnum, b.col, a.end_lnum, a.end_col)
end

---What ours and another server report of the same place.
---@param buffer integer
---@return string[] `ours theirs`, by codes
local function pairs_of_reports(buffer)
  local found = {}
  for _, ours in ipairs(vim.diagnostic.get(buffer)) do
    for _, theirs in ipairs(is_ours(ours) and vim.diagnostic.get(buffer) or {}) do
      if not is_ours(theirs) and overlap(ours, theirs) then
        found[ours.code .. ' ' .. tostring(theirs.code)] = true
      end
    end
  end
  return vim.fn.sort(vim.tbl_keys(found))
end

---@param buffer integer
---@param allowed string[] pairs that say different things
local function check_reports(buffer, allowed)
  local found = pairs_of_reports(buffer)
  assert(vim.deep_equal(found, allowed), vim.inspect(found))
end

-- ---- what is asked ----

---All answers to a question about a place.
---@param buffer integer
---@param method string
---@param line integer 0-based
---@param column integer 0-based
---@return table<string, any> by the client's name
local function ask(buffer, method, line, column)
  local parameters = {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    position = { line = line, character = column },
    context = method == 'textDocument/references' and { includeDeclaration = true } or nil,
  }
  local answers = {}
  for id, answer in pairs(assert(vim.lsp.buf_request_sync(buffer, method, parameters, 20000))) do
    assert(not answer.err, vim.inspect(answer.err))
    answers[vim.lsp.get_client_by_id(id).name] = answer.result
  end
  return answers
end

---@param answer lsp.Location|lsp.Location[]|lsp.LocationLink[]|nil
---@return string[]
local function places(answer)
  if type(answer) ~= 'table' or vim.tbl_isempty(answer) then
    return {}
  end
  return vim.tbl_map(function(location)
    local range = location.targetSelectionRange or location.range
    return ('%s:%d:%d'):format(location.targetUri or location.uri, range.start.line + 1, range.start.character)
  end, vim.islist(answer) and answer or { answer })
end

---@param answer lsp.CompletionList|lsp.CompletionItem[]|nil
---@return string[]
local function labels(answer)
  if type(answer) ~= 'table' then
    return {}
  end
  return vim.tbl_map(function(item) return item.label end, answer.items or answer)
end

---What both ours and another server say. (Theirs may repeat themselves: pyright offers a name for each module that has it.)
---@param answers table<string, any>
---@param name_all fun(answer: any): string[]
---@return string[]
local function doubles(answers, name_all)
  local ours = name_all(answers.lintel)
  local twice = {}
  for name, answer in pairs(answers) do
    vim.list_extend(twice, name == 'lintel' and {} or vim.tbl_filter(function(each)
      return vim.list_contains(ours, each)
    end, name_all(answer)))
  end
  return twice
end

---Asks at every word of a buffer where it leads.
---@param buffer integer
---@return integer n_ours, integer n_theirs answers
local function check_jumps(buffer)
  local n_ours, n_theirs = 0, 0
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    for column, word in line:gmatch('()([%w_]+)') do
      for _, method in ipairs({ 'textDocument/definition', 'textDocument/references' }) do
        local answers = ask(buffer, method, number - 1, column - 1)
        local twice = doubles(answers, places)
        assert(#twice == 0, ('%s of %s in line %d: %s'):format(method, word, number, vim.inspect(twice)))
        for name, answer in pairs(answers) do
          if #places(answer) > 0 then
            n_ours = n_ours + (name == 'lintel' and 1 or 0)
            n_theirs = n_theirs + (name ~= 'lintel' and 1 or 0)
          end
        end
      end
    end
  end
  return n_ours, n_theirs
end

---Completes behind a part of the text.
---@param buffer integer
---@param part string
---@param name string of the server that offers something
---@param offer string
local function check_completion(buffer, part, name, offer)
  at(part)
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  local answers = ask(buffer, 'textDocument/completion', line - 1, column + #part)
  assert(vim.list_contains(labels(answers[name]), offer), part .. ': ' .. vim.inspect(labels(answers[name])))
  local twice = doubles(answers, labels)
  assert(#twice == 0, part .. ': ' .. vim.inspect(twice))
end

---@return { window: integer, text: string }?
local function float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return { window = window, text = text(vim.api.nvim_win_get_buf(window)) }
    end
  end
end

---Hovers as a person does, once: one float with what all say, and the cursor stays where it is.
---@param part string
---@param ... string what the float holds
local function check_hover(part, ...)
  local parts = { ... }
  at(part)
  local window = vim.api.nvim_get_current_win()
  vim.lsp.buf.hover()
  local found = wait('a hover with ' .. table.concat(parts, ', '), function()
    local each = float()
    return each and vim.iter(parts):all(function(word) return each.text:find(word, 1, true) ~= nil end) and each
  end)
  vim.wait(200) -- for an answer that would take the cursor into it
  assert(vim.api.nvim_get_current_win() == window, 'the cursor is in the float')
  vim.api.nvim_win_close(found.window, true)
  assert(not float(), 'a second float')
end

---Opens the list of references, as a person does, and gives it: the one list that there is then.
---@param part string
---@return string
local function list_references(part)
  at(part)
  local function n_lists() return vim.fn.getqflist({ nr = '$' }).nr end
  local before = n_lists()
  vim.lsp.buf.references()
  wait('references', function() return n_lists() > before end)
  vim.wait(300) -- for a second list, or more in this one
  assert(n_lists() == before + 1, 'several lists')
  vim.cmd.cclose()
  local places = vim.tbl_map(function(item)
    return ('%s:%d'):format(vim.fs.basename(vim.api.nvim_buf_get_name(item.bufnr)), item.lnum)
  end, vim.fn.getqflist())
  return table.concat(vim.fn.sort(places), ' ')
end

---@param buffer integer
---@param method string
---@return string the names of the servers that can do it
local function who(buffer, method)
  local names = vim.tbl_map(function(client) return client.name end, vim.lsp.get_clients({ bufnr = buffer, method = method }))
  return table.concat(vim.fn.sort(names), ' ')
end

---What holds beside every server.
---@param buffer integer
local function check_peace(buffer)
  local clients = vim.lsp.get_clients({ bufnr = buffer })
  assert(#clients == 2, #clients)
  assert(clients[1].offset_encoding == clients[2].offset_encoding, 'they count columns differently, and Neovim warns')
  assert(#tap.messages == 0, vim.inspect(tap.messages))
end

---@param name string of the server
---@param body fun()
local function beside(name, body)
  local reason = absence(name)
  if reason then
    tap.skip('beside ' .. name, reason)
  else
    body()
  end
end

-- ---- squawk ----

local MIGRATION = [[
BEGIN;
ALTER TABLE customers ADD COLUMN phone text NOT NULL;
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0);
CREATE INDEX orders_customer_idx ON orders (customer_id);
ALTER TABLE orders DROP COLUMN placed_at;
ALTER TABLE customers RENAME COLUMN email TO mail;
CREATE TABLE notes (id serial PRIMARY KEY, body char(10), at timestamp, order_id int REFERENCES orders (id));
SELECT   id FROM notes;
COMMIT;
]]

---What ours reports of it that squawk's does too, and what only ours knows.
local SHARED = { 'add-not-null-column', 'check-without-not-valid', 'create-index-not-concurrently', 'drop-column', 'rename-column',
  'char-type', 'prefer-timestamptz' }
local OURS = { 'fk-type-mismatch', 'missing-fk-index' }
local THEIRS = { 'adding-required-field', 'ban-drop-column', 'renaming-column', 'prefer-timestamp-tz' }
---Squawk says that the column should be bigint whatever it refers to; ours that it does not fit what it refers to. Ours names
---the file that still reads the dropped column.
local DIFFERENT = { 'deploy-drop ban-drop-column', 'fk-type-mismatch prefer-bigint-over-int' }

beside('squawk', function()
  local path = 'migrations/0003_notes.sql'
  vim.fn.writefile(vim.split(MIGRATION, '\n'), path)
  local sql = vim.fn.bufadd(path)
  local function ours() return client_of('lintel', sql) end
  local function squawk() return client_of('squawk', sql) end
  local function stop_squawk()
    require('lintel.client').stop(squawk(), false)
    wait('its end', function() return #vim.lsp.get_clients({ name = 'squawk' }) == 0 end)
  end

  check('alone, everything is reported', function()
    vim.cmd.edit(path)
    wait_for(sql, unpack(SHARED))
    wait_for(sql, unpack(OURS))
  end)
  check('squawk comes: what it reports is left to it', function()
    start('squawk', sql)
    wait_for(sql, unpack(THEIRS))
    wait_without(sql, unpack(SHARED))
    wait_for(sql, 'deploy-drop', unpack(OURS))
    check_reports(sql, DIFFERENT)
    check_peace(sql)
  end)
  check('squawk goes: everything is reported again', function()
    stop_squawk()
    wait_for(sql, unpack(SHARED))
  end)
  check('Lintel starts where squawk is already: nothing is reported twice, not even for a moment', function()
    start('squawk', sql)
    wait_for(sql, unpack(THEIRS))
    wait_without(sql, unpack(SHARED))
    local shown = {}
    local watch = vim.api.nvim_create_autocmd('DiagnosticChanged', {
      callback = function() vim.list_extend(shown, pairs_of_reports(sql)) end,
    })
    vim.cmd('Lintel restart')
    wait('no reports of ours', function() return not finding(sql, OURS[1]) end)
    wait_for(sql, 'deploy-drop', unpack(OURS))
    vim.api.nvim_del_autocmd(watch)
    shown = vim.fn.uniq(vim.fn.sort(shown))
    assert(vim.deep_equal(shown, DIFFERENT), vim.inspect(shown))
    check_reports(sql, DIFFERENT)
  end)
  check('it is about files that both are in', function()
    vim.lsp.buf_detach_client(sql, squawk().id)
    wait_for(sql, unpack(SHARED))
    vim.lsp.buf_attach_client(sql, vim.lsp.get_clients({ name = 'squawk' })[1].id)
    wait_without(sql, unpack(SHARED))
  end)
  check('what the user has set holds', function()
    local settings = ours().settings
    local function set(value)
      settings.lintel = { neighbours = { squawk = value } }
      require('lintel.client').notify(ours(), 'workspace/didChangeConfiguration', { settings = settings })
    end
    set('off')
    wait_for(sql, unpack(SHARED))
    set('automatic')
    wait_without(sql, unpack(SHARED))
    stop_squawk()
    wait_for(sql, unpack(SHARED))
    set('on')
    wait_without(sql, unpack(SHARED))
    set('automatic')
    wait_for(sql, unpack(SHARED))
    start_by_type('squawk')
    vim.cmd.edit()
    wait_for(sql, unpack(THEIRS))
    wait_without(sql, unpack(SHARED))
  end)
  check('health says that squawk is there', function()
    vim.cmd('checkhealth lintel')
    has(text(), 'squawk')
    vim.cmd.bwipeout()
    vim.cmd('checkhealth vim.lsp')
    assert(not text():find('different position encodings', 1, true), text())
    vim.cmd.bwipeout()
  end)
  check('a jump has one place, and the outline is squawk\'s', function()
    local n_ours, n_theirs = check_jumps(sql)
    assert(n_ours > 0 and n_theirs > 0, n_ours .. ' ' .. n_theirs)
    local symbols = ask(sql, 'textDocument/documentSymbol', 0, 0)
    assert(#symbols.squawk > 0 and #(symbols.lintel or {}) == 0, vim.inspect(symbols))
  end)
  check('as a person sees it: a jump to another migration, a jump in this one, references', function()
    at('customers RENAME')
    vim.lsp.buf.definition()
    wait('the jump', function() return vim.api.nvim_buf_get_name(0):find('0001_customers.sql$') end)
    vim.cmd.buffer(sql)
    at('notes;')
    vim.lsp.buf.definition()
    wait('the jump', function() return vim.api.nvim_win_get_cursor(0)[1] == 7 end)
    vim.wait(100)
    assert(vim.fn.win_gettype() == '' and #vim.fn.getqflist() == 0)
    local list = list_references('notes (id')
    assert(list == '0003_notes.sql:7 0003_notes.sql:8', list)
  end)
  check('a hover shows both, without a message', function()
    check_hover('notes (id', '4 columns', 'public.notes')
    check_peace(sql)
  end)
  check('completion offers nothing twice', function()
    vim.api.nvim_buf_set_lines(sql, -2, -2, false, { 'ALTER TABLE notes ADD FOREIGN KEY (order_id) REFERENCES ord;', 'INSERT INTO no;' })
    check_completion(sql, 'REFERENCES ord', 'lintel', 'orders')
    check_completion(sql, 'INTO no', 'lintel', 'notes')
    vim.cmd.undo()
  end)
  check('nor the file\'s own tables after TRUNCATE', function()
    vim.api.nvim_buf_set_lines(sql, -2, -2, false, { 'TRUNCATE ;' })
    at('TRUNCATE ;')
    local line, column = unpack(vim.api.nvim_win_get_cursor(0))
    local twice = doubles(ask(sql, 'textDocument/completion', line - 1, column + #'TRUNCATE '), labels)
    assert(#twice == 0, vim.inspect(twice))
    vim.cmd.undo()
  end)
  check('squawk formats, once, and nobody renames', function()
    assert(who(sql, 'textDocument/formatting') == 'squawk' and who(sql, 'textDocument/rename') == '')
    vim.lsp.buf.format({ timeout_ms = 20000 })
    has(text(sql), 'select id from notes')
    check_peace(sql)
  end)
  vim.cmd('bwipeout! ' .. sql)
end)

-- ---- Prisma ----

beside('prismals', function()
  start_by_type('prismals')
  local path = 'prisma/schema.prisma'
  local lines = vim.fn.readfile(path)
  vim.fn.writefile(vim.list_extend(lines, { '', 'model Shelf {', '  id Int @id', '  state Stat', '}' }), path)
  local prisma = vim.fn.bufadd(path)

  check('Prisma\'s server and ours report, nothing twice', function()
    vim.cmd.edit(path)
    client_of('prismals', prisma)
    wait_for(prisma, 'missing-fk-index', 'float-money')
    wait('the unknown type', function()
      return vim.iter(vim.diagnostic.get(prisma)):any(function(each) return not is_ours(each) and each.message:find('Stat') end)
    end)
    check_reports(prisma, {})
    check_peace(prisma)
  end)
  check('a jump has one place', function()
    local n_ours, n_theirs = check_jumps(prisma)
    assert(n_ours > 0 and n_theirs > 0, n_ours .. ' ' .. n_theirs)
    local list = list_references('Author {')
    assert(list == 'schema.prisma:16 schema.prisma:6', list)
  end)
  check('a hover shows both, without a message', function()
    check_hover('Author @relation', '2 columns', 'model Author')
    check_peace(prisma)
  end)
  check('completion offers nothing twice', function()
    check_completion(prisma, 'state St', 'prismals', 'String')
    check_completion(prisma, 'fields: [', 'prismals', 'authorId')
    check_completion(prisma, 'references: [', 'prismals', 'name')
  end)
  check('Prisma\'s server renames', function()
    assert(who(prisma, 'textDocument/rename') == 'prismals')
    at('Author {')
    vim.lsp.buf.rename('Writer')
    wait('the new name', function() return text(prisma):find('author +Writer @relation') end)
    has(text(prisma), 'model Writer {')
    check_peace(prisma)
  end)
  check('Prisma\'s server formats, once', function()
    assert(who(prisma, 'textDocument/formatting') == 'prismals')
    at('id Int @id')
    vim.lsp.buf.format({ timeout_ms = 20000 })
    assert(text(prisma):find('id    Int  @id\n%s+state Stat'), text(prisma))
    check_peace(prisma)
  end)
  vim.cmd('bwipeout! ' .. prisma)
end)

-- ---- Python ----

beside('pyright', function()
  start_by_type('pyright')
  local path = 'shop/models.py'
  local python = vim.fn.bufadd(path)

  check('pyright and ours report, nothing twice', function()
    vim.cmd.edit(path)
    client_of('pyright', python)
    wait_for(python, 'missing-fk-index', 'float-money')
    vim.api.nvim_buf_set_lines(python, -1, -1, false, { '', '', 'count: int = "many"', 'first = Artist', 'second = Artist.nam' })
    local typed = vim.uv.now()
    wait('its report', function() -- which it takes back when it has read its settings, until something is typed
      if vim.uv.now() - typed > 2000 then
        typed = vim.uv.now()
        vim.api.nvim_buf_set_lines(python, -1, -1, false, { '' })
      end
      return finding(python, 'reportAssignmentType')
    end)
    check_reports(python, {})
    check_peace(python)
  end)
  check('a jump has one place', function()
    local n_ours, n_theirs = check_jumps(python)
    assert(n_ours > 0 and n_theirs > 0, n_ours .. ' ' .. n_theirs)
  end)
  check('as a person sees it: a jump out of a string, and references of both', function()
    at('artists.id')
    vim.lsp.buf.definition()
    wait('the jump', function() return vim.api.nvim_win_get_cursor(0)[1] == 9 end)
    vim.wait(100)
    assert(vim.fn.win_gettype() == '')
    local list = list_references('Artist(Base)')
    assert(list == 'models.py:10 models.py:20 models.py:25 models.py:26 models.py:9', list)
  end)
  check('a hover shows both, without a message', function()
    check_hover('Artist(Base)', '(class) Artist', '2 columns')
    check_peace(python)
  end)
  check('completion offers nothing twice', function()
    check_completion(python, 'ForeignKey("', 'lintel', 'artists.id')
    check_completion(python, 'Artist.nam', 'pyright', 'name')
  end)
  check('pyright renames, and nobody formats', function()
    assert(who(python, 'textDocument/rename') == 'pyright' and who(python, 'textDocument/formatting') == '')
    at('Artist(Base)')
    vim.lsp.buf.rename('Musician')
    wait('the new name', function() return text(python):find('second = Musician.nam', 1, true) end)
    has(text(python), 'class Musician(Base)')
    check_peace(python)
  end)
end)
-- Neovim that quits while a server is ending may die of SIGPIPE, after all is done: its own teardown, and no concern of ours.
for _, client in ipairs(vim.lsp.get_clients()) do
  require('lintel.client').stop(client, false)
end
vim.wait(10000, function() return #vim.lsp.get_clients() == 0 end)
tap.done()
