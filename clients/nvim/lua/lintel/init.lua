-- The module that people call: setup(), which is optional, and status(), for a status line.
local M = {}

---Changes options: the same keys as |vim.g.lintel|. Nothing needs to be changed; without setup() all works by its
---defaults. Call it before the first SQL, Prisma or Python file is opened.
---@param options lintel.Options?
function M.setup(options)
  require('lintel.options').set(options or {})
end

---For a status line: the database of the current buffer, the consultation that is going on. Never waits.
---@param buffer integer? the current one
---@return string text empty where Lintel is not at work
function M.status(buffer)
  return require('lintel.status').text(buffer or vim.api.nvim_get_current_buf())
end

return M
