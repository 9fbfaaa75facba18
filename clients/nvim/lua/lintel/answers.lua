-- Hovers, jumps and references in Neovim 0.10, where other servers answer for the same buffer. It shows each server's answer
-- by itself: a second hover takes the cursor into the first, a second list of references hides the first, and who has no
-- answer says so beside one who has. So ours waits until theirs are shown, and is added to them. 0.11 and later do that themselves.
local M = {}

local LOOK_AGAIN_MS = 10
local PATIENCE_MS = 10000 -- with a server that does not answer

---@param context lsp.HandlerContext
---@return vim.lsp.Client[] the others that are asked the same
local function others(context)
  return vim.tbl_filter(function(client)
    return client.id ~= context.client_id
  end, vim.lsp.get_clients({ bufnr = context.bufnr, method = context.method }))
end

---@param context lsp.HandlerContext
---@return boolean
local function is_awaited(context)
  return vim.iter(others(context)):any(function(client)
    return vim.iter(pairs(client.requests)):any(function(_, request)
      return request.type == 'pending' and request.method == context.method and request.bufnr == context.bufnr
    end)
  end)
end

---Calls `show` when the others have answered and their answers are shown.
---@param context lsp.HandlerContext
---@param show fun()
local function after_others(context, show)
  local deadline = vim.uv.now() + PATIENCE_MS
  local function try()
    if is_awaited(context) and vim.uv.now() < deadline then
      vim.defer_fn(try, LOOK_AGAIN_MS)
    else
      vim.schedule(show) -- Neovim marks a request as answered before it shows the answer
    end
  end
  try()
end

---The float with the hover of the buffer.
---@param context lsp.HandlerContext
---@return integer? window
local function float_of(context)
  return vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(function(window)
    return vim.w[window][context.method] == context.bufnr
  end)
end

---@param window integer
---@return string its text, as Markdown
local function take_text(window)
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
  vim.api.nvim_win_close(window, true)
  return text
end

---@param context lsp.HandlerContext
---@param client vim.lsp.Client
---@return boolean the cursor is still where the question was asked
local function is_here(context, client)
  return vim.api.nvim_get_current_buf() == context.bufnr
    and vim.deep_equal(vim.lsp.util.make_position_params(0, client.offset_encoding).position, context.params.position)
end

---@param result any
---@return boolean
local function is_nothing(result)
  return type(result) ~= 'table' or vim.tbl_isempty(result)
end

---@param method string
---@param show fun(result: any, context: lsp.HandlerContext, by_neovim: fun(result: any), client: vim.lsp.Client, config: table?)
---       what to do with an answer of ours, now that the others' are shown
---@return lsp.Handler
local function joining(method, show)
  return function(err, result, context, config)
    local by_neovim = vim.lsp.handlers[method]
    if #others(context) == 0 or err then
      return by_neovim(err, result, context, config)
    elseif is_nothing(result) then
      return -- what there is, the others say
    end
    after_others(context, function()
      local client = vim.lsp.get_client_by_id(context.client_id)
      if client and vim.api.nvim_buf_is_valid(context.bufnr) then
        show(result, context, function(joined)
          by_neovim(nil, joined, context, config)
        end, client, config)
      end
    end)
  end
end

---@type table<string, lsp.Handler>
M.handlers = {
  ['textDocument/hover'] = joining('textDocument/hover', function(result, context, by_neovim, client)
    if not is_here(context, client) then
      return -- in the float, or elsewhere
    end
    local float = float_of(context)
    if float and not vim.w[float].lintel_has_joined then
      local text = take_text(float) .. '\n\n---\n' .. result.contents.value
      result = { contents = { kind = 'markdown', value = text } }
    end
    by_neovim(result)
    float = float_of(context)
    if float then
      vim.w[float].lintel_has_joined = true
    end
  end),
  ['textDocument/definition'] = joining('textDocument/definition', function(result, context, by_neovim, client)
    if is_here(context, client) then -- theirs has not led away
      by_neovim(result)
    end
  end),
  ['textDocument/references'] = joining('textDocument/references', function(result, context, by_neovim, client, config)
    local list = vim.fn.getqflist({ context = true, items = true })
    local is_theirs = vim.bo.buftype == 'quickfix' and type(list.context) == 'table' and list.context.bufnr == context.bufnr
      and list.context.method == context.method and not (config and (config.loclist or config.on_list))
    if not is_theirs then
      by_neovim(result)
      return
    end
    local has = {}
    for _, item in ipairs(list.items) do
      has[('%d %d %d'):format(item.bufnr, item.lnum, item.col)] = true
    end
    local new = vim.tbl_filter(function(item)
      return not has[('%d %d %d'):format(vim.fn.bufadd(item.filename), item.lnum, item.col)]
    end, vim.lsp.util.locations_to_items(result, client.offset_encoding))
    vim.fn.setqflist({}, 'a', { items = new })
  end),
}

return M
