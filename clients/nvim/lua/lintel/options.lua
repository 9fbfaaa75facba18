-- What can be set, by vim.g.lintel or setup(). What the server reads (rules, providers, ...) is not here: that is
-- `settings`, or better the project's lintel.yaml.
local M = {}

---@class lintel.Options
---@field cmd? string[] the language server
---@field enable? boolean start it by itself
---@field settings? table as in lintel.yaml, for all projects
---@field trusted? boolean|fun(root: string?): boolean false: local analysis and offline consultations only
---@field codelens? boolean show the lenses over tables, models and classes
---@field menu? boolean entries in the context menu
---@field progress? 'auto'|boolean consultations in the command line; auto: unless something else shows progress
---@field split? 'auto'|'right'|'below'|'tab' where a report opens; auto: to the right where there is room

---@class (exact) lintel.Resolved
---@field cmd string[]
---@field enable boolean
---@field settings table
---@field trusted boolean|fun(root: string?): boolean
---@field codelens boolean
---@field menu boolean
---@field progress 'auto'|boolean
---@field split 'auto'|'right'|'below'|'tab'
local defaults = {
  cmd = { 'lintel', 'lsp' },
  enable = true,
  settings = {},
  trusted = true,
  codelens = true,
  menu = true,
  progress = 'auto',
  split = 'auto',
}

local types = {
  cmd = { 'table' },
  enable = { 'boolean' },
  settings = { 'table' },
  trusted = { 'boolean', 'function' },
  codelens = { 'boolean' },
  menu = { 'boolean' },
  progress = { 'boolean', 'auto' },
  split = { 'auto', 'right', 'below', 'tab' },
}

---@type lintel.Options
local given = {}

---What is wrong with options, one sentence each.
---@param options table
---@return string[]
local function mistakes(options)
  local list = {}
  for key, value in pairs(options) do
    local allowed = types[key]
    if not allowed then
      table.insert(list, ('there is no option %s'):format(key))
    elseif not vim.list_contains(allowed, type(value)) and not (type(value) == 'string' and vim.list_contains(allowed, value)) then
      table.insert(list, ('%s is %s; it is one of: %s'):format(key, vim.inspect(value), table.concat(allowed, ', ')))
    end
  end
  if type(options.cmd) == 'table' and type(options.cmd[1]) ~= 'string' then
    table.insert(list, 'cmd is a list of the program and its arguments')
  end
  table.sort(list)
  return list
end

---@param options table
---@return table good the options without those that are wrong
local function checked(options)
  local wrong = mistakes(options)
  if #wrong == 0 then
    return options
  end
  vim.notify_once('Lintel: ' .. table.concat(wrong, '; ') .. '. See :help lintel-options.', vim.log.levels.WARN)
  return vim.iter(pairs(options)):fold({}, function(good, key, value)
    if #mistakes({ [key] = value }) == 0 then
      good[key] = value
    end
    return good
  end)
end

---@param options lintel.Options
function M.set(options)
  given = options
end

---@return lintel.Resolved
function M.get()
  local global = type(vim.g.lintel) == 'table' and vim.g.lintel or {}
  return vim.tbl_extend('force', defaults, checked(global), checked(given))
end

---The options that are wrong, for :checkhealth.
---@return string[]
function M.mistakes()
  local global = type(vim.g.lintel) == 'table' and vim.g.lintel or {}
  return vim.list_extend(mistakes(global), mistakes(given))
end

return M
