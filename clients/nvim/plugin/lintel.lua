-- What is there without setup(): the server for files with a schema, the pages of the scheme `lintel:`, :Lintel, the
-- entries of the context menu. Everything else is loaded when it is first used.
if vim.g.loaded_lintel then
  return
end
vim.g.loaded_lintel = true

if vim.fn.has('nvim-0.10') == 0 then
  vim.notify_once('Lintel needs Neovim 0.10 or later.', vim.log.levels.ERROR)
  return
end

local group = vim.api.nvim_create_augroup('lintel', {})

vim.api.nvim_create_autocmd('BufReadCmd', {
  group = group,
  pattern = 'lintel:/*',
  desc = 'Read a page of Lintel',
  nested = true, -- for FileType, and for what servers tell meanwhile
  callback = function(event)
    require('lintel.pages').read(event.buf)
  end,
})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  desc = 'What Lintel adds to a buffer',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'lintel' then
      require('lintel.attach').buffer(event.buf)
    end
  end,
})

vim.api.nvim_create_user_command('Lintel', function(arguments)
  require('lintel.command').run(arguments)
end, {
  nargs = '*',
  range = true,
  desc = 'Consult the database architect, and what belongs to it',
  complete = function(lead, line, cursor)
    return require('lintel.command').complete(lead, line, cursor)
  end,
})

require('lintel.start').enable(group)
