-- `apicenter lsp` in Neovim, without a screen: run by neovim.sh in a folder with a project.

local passed, failed = 0, 0

local function check(name, holds, found)
  if holds then
    passed = passed + 1
    return
  end
  failed = failed + 1
  io.stdout:write('FAILED ' .. name .. '\n    ' .. vim.inspect(found) .. '\n')
end

-- Long enough for a slow machine; nothing waits that long when all is well.
local PATIENCE = 60000

vim.cmd('edit orders.yaml')
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({
  name = 'apicenter',
  cmd = { vim.env.APICENTER, 'lsp' },
  root_dir = vim.fn.getcwd(),
})
vim.lsp.buf_attach_client(buffer, client)

local function problems()
  return vim.diagnostic.get(buffer)
end

local function request(method, line, character, more)
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(buffer),
    position = { line = line, character = character },
  }
  local all = vim.lsp.buf_request_sync(buffer, method, vim.tbl_extend('force', params, more or {}), PATIENCE)
  local _, response = next(all or {})
  return response and response.result
end

vim.wait(PATIENCE, function() return #problems() > 0 end, 20)
local found = problems()
check('a problem is shown', #found == 1 and found[1].code == 'unknown-field' and found[1].lnum == 4, found)

local actions = request('textDocument/codeAction', 4, 2, {
  range = { start = { line = 4, character = 2 }, ['end'] = { line = 4, character = 7 } },
  context = { diagnostics = {} },
})
local fix = actions and actions[1]
check('a fix is offered', fix and fix.title == 'Write `title`', actions)
if fix then
  vim.lsp.util.apply_workspace_edit(fix.edit, 'utf-16')
end
local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
check('the fix is made', lines[5] == '  title: Orders', lines)
vim.wait(PATIENCE, function() return #problems() == 0 end, 20)
check('and nothing is wrong any longer', #problems() == 0, problems())

local function lens()
  local lenses = request('textDocument/codeLens', 0, 0)
  return lenses and lenses[1] and lenses[1].command
end
local command = lens()
check('a resource has a lens', command and command.title == 'not compared yet', command)
if command then
  vim.lsp.get_client_by_id(client).request_sync('workspace/executeCommand', command, PATIENCE, buffer)
end
command = lens()
check('which compares with the service once it was read', command and command.title == 'in step', command)

local hover = request('textDocument/hover', 4, 3)
check('a field is explained', hover and hover.contents.value:find('Api.title', 1, true), hover)

local offers = request('textDocument/completion', 5, 8)
local has_graphql = false
for _, offer in ipairs(offers or {}) do
  has_graphql = has_graphql or offer.label == 'graphql'
end
check('values are offered', has_graphql, offers)

local places = request('textDocument/definition', 9, 20)
local place = places and places[1]
check('a name leads to its declaration', place and place.uri:find('environments.yaml', 1, true), places)

local edit = request('textDocument/rename', 9, 20, { newName = 'live' })
if edit then
  vim.lsp.util.apply_workspace_edit(edit, 'utf-16')
end
lines = vim.api.nvim_buf_get_lines(buffer, 9, 10, false)
check('a new name is written', lines[1] == '      environment: live', lines)
local other = vim.fn.bufnr('environments.yaml')
local declared = vim.api.nvim_buf_get_lines(other, 2, 3, false)
check('also in other files', declared[1] == 'metadata: {name: live}', declared)

local symbols = request('textDocument/documentSymbol', 0, 0)
check('resources are listed', symbols and symbols[1].name == 'api/orders', symbols)

io.stdout:write(passed .. ' passed, ' .. failed .. ' failed\n')
vim.cmd(failed == 0 and 'qall!' or 'cquit!')
