-- The configuration without the plugin, as clients/README.md gives it: first for Neovim 0.11 and later, then for 0.10.
local page = table.concat(vim.fn.readfile(vim.env.PLUGIN .. '/../README.md'), '\n')
local blocks = {}
for block in page:gmatch('```lua\n(.-)\n```') do
  table.insert(blocks, block)
end
assert(#blocks == 2, #blocks)
assert(loadstring(blocks[vim.lsp.config and 1 or 2]))()
