-- SPDX-License-Identifier: BSD-2-Clause
-- Neovim's own client of the Language Server Protocol, led by a list of steps:
--     nvim --headless --clean -l ... : STEPS (JSON) is read, ANSWERS (JSON) is written.
-- A step is {open = file}, {text = [lines]} of what is open, {findings = file, wait = count}, or
-- {ask = method, line = L, character = C, more = {...}}; lines count from 0. Its answer has its place in the list.

local PATIENCE = 120000 -- milliseconds; a server that is there answers long before

local function read(path)
  local file = assert(io.open(path))
  local text = file:read('*a')
  file:close()
  return text
end

local client = assert(vim.lsp.start_client({
  name = 'flue',
  cmd = vim.json.decode(vim.env.SERVER),
  root_dir = vim.fn.getcwd(),
}))

local function open(step)
  vim.cmd('edit ' .. vim.fn.fnameescape(step.open))
  vim.lsp.buf_attach_client(0, client)
  assert(vim.wait(PATIENCE, function()
    local found = vim.lsp.get_client_by_id(client)
    return found ~= nil and found.initialized == true
  end))
  return true
end

-- In the order of the file, once there are as many as are waited for.
local function findings(step)
  local buffer = vim.fn.bufadd(step.findings)
  local here = function()
    return vim.diagnostic.get(buffer)
  end
  vim.wait(PATIENCE, function()
    return #here() == step.wait
  end)
  return here()
end

local function ask(step)
  local params = { textDocument = vim.lsp.util.make_text_document_params(0) }
  if step.line then
    params.position = { line = step.line, character = step.character }
  end
  params = vim.tbl_extend('force', params, step.more or {})
  local answers = assert(vim.lsp.buf_request_sync(0, step.ask, params, PATIENCE))
  local answer = answers[client]
  assert(not answer.error, vim.inspect(answer.error))
  return answer.result == nil and vim.NIL or answer.result
end

local function take(step)
  if step.open then
    return open(step)
  elseif step.text then
    vim.api.nvim_buf_set_lines(0, 0, -1, false, step.text)
    return true
  elseif step.findings then
    return findings(step)
  end
  return ask(step)
end

local good, why = pcall(function()
  local answers = {}
  for i, step in ipairs(vim.json.decode(read(vim.env.STEPS))) do
    answers[i] = take(step)
  end
  local file = assert(io.open(vim.env.ANSWERS, 'w'))
  file:write(vim.json.encode(answers))
  file:close()
end)
vim.lsp.stop_client(client)
vim.wait(PATIENCE, function()
  return vim.lsp.get_client_by_id(client) == nil or vim.lsp.client_is_stopped(client)
end)
if not good then
  io.stderr:write(tostring(why) .. '\n')
  vim.cmd('cquit')
end
vim.cmd('qall!')
