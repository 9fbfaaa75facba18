-- The command of the editor that the references lens calls: a list of places.
local M = {}

---@param command lsp.Command its arguments: uri, position, locations
---@param context { client_id: integer }
function M.show(command, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  local locations = (command.arguments or {})[3] or {}
  if not client then
    return
  elseif #locations == 0 then
    vim.notify('Lintel: there are no references.')
    return
  end
  vim.fn.setqflist({}, ' ', {
    title = command.title,
    items = vim.lsp.util.locations_to_items(locations, client.offset_encoding),
    context = { bufnr = context.bufnr, method = command.command },
  })
  vim.cmd('botright copen')
end

return M
