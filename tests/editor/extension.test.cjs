// SPDX-License-Identifier: BSD-2-Clause
// The extension for VS Code, by node's test runner: activated by a `vscode` that is made here, with a client that starts
// the command for true and asks the server to begin and to end. VS Code's own runner fetches VS Code, which is not ours.
const assert = require('node:assert');
const { spawn } = require('node:child_process');
const Module = require('node:module');
const path = require('node:path');
const test = require('node:test');

const ROOT = path.resolve(__dirname, '../..');
const FOLDER = path.join(ROOT, 'editors/vscode');
const manifest = require(path.join(FOLDER, 'package.json'));
const settings = manifest.contributes.configuration.properties;

// What an editor has of a manifest: its settings with their defaults, and nothing else.
function editor(changed = {}) {
  const commands = {};
  const clients = [];
  const vscode = {
    workspace: {
      getConfiguration: (section) => ({
        get: (name) => changed[`${section}.${name}`] ?? settings[`${section}.${name}`].default,
      }),
    },
    commands: {
      registerCommand: (name, what) => { commands[name] = what; return { dispose() {} }; },
    },
  };
  class LanguageClient {
    constructor(id, name, server, options) {
      Object.assign(this, { id, server, options, log: [] });
      clients.push(this);
    }
    start() { this.log.push('start'); return Promise.resolve(); }
    stop() { this.log.push('stop'); return Promise.resolve(); }
  }
  const load = Module._load;
  Module._load = (name, ...rest) => (name === 'vscode' ? vscode
    : name === 'vscode-languageclient/node' ? { LanguageClient } : load(name, ...rest));
  const file = path.join(FOLDER, 'extension.js');
  delete require.cache[file];
  try {
    return { extension: require(file), commands, clients };
  } finally {
    Module._load = load;
  }
}

test('it serves YAML files by the command of its settings', async () => {
  const { extension, clients } = editor();
  const context = { subscriptions: [] };
  await extension.activate(context);
  assert.strictEqual(clients.length, 1);
  assert.deepStrictEqual(clients[0].server, { command: 'flue', args: ['lsp'] });
  assert.deepStrictEqual(clients[0].options.documentSelector, [{ scheme: 'file', language: 'yaml' }]);
  assert.deepStrictEqual(clients[0].log, ['start']);
  assert.strictEqual(context.subscriptions.length, 1);
  await extension.deactivate();
  assert.deepStrictEqual(clients[0].log, ['start', 'stop']);
});

test('what is never activated can be deactivated', async () => {
  await editor().extension.deactivate();
});

test('its commands are those of its manifest, and restart ends the server before the next', async () => {
  const changed = {};
  const { extension, commands, clients } = editor(changed);
  await extension.activate({ subscriptions: [] });
  assert.deepStrictEqual(Object.keys(commands), manifest.contributes.commands.map((c) => c.command));
  changed['flue.command'] = ['/else/where', '--x', 'lsp'];
  await commands['flue.restart']();
  assert.deepStrictEqual(clients.map((c) => c.log), [['start', 'stop'], ['start']]);
  assert.deepStrictEqual(clients[1].server, { command: '/else/where', args: ['--x', 'lsp'] });
});

test('its manifest names what the bundle is called', () => {
  assert.match(manifest.scripts.bundle, new RegExp(`--outfile=${manifest.main.slice(2)}$`));
  assert.match(manifest.scripts.bundle, /--external:vscode /);
});

// A server's first answer: to `initialize`; then it is asked to end.
function conversation({ command, args }) {
  return new Promise((resolve, reject) => {
    const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const say = (message) => {
      const text = JSON.stringify({ jsonrpc: '2.0', ...message });
      server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    };
    let got = '';
    let answer;
    server.stdout.on('data', (data) => {
      got += data;
      const body = got.slice(got.indexOf('\r\n\r\n') + 4);
      const bytes = Number(/Content-Length: (\d+)/.exec(got)?.[1]);
      if (answer || !bytes || Buffer.byteLength(body) < bytes) return;
      answer = JSON.parse(Buffer.from(body).subarray(0, bytes));
      say({ id: 2, method: 'shutdown', params: null });
      say({ method: 'exit', params: null });
    });
    server.on('error', reject);
    server.on('exit', (status) => resolve({ answer, status }));
    say({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
  });
}

test('the server that it starts answers', { skip: !process.env.FLUE_LSP && 'FLUE_LSP names no python for it' }, async (t) => {
  const command = [process.env.FLUE_LSP, path.join(ROOT, 'flue'), 'lsp'];
  const { extension, clients } = editor({ 'flue.command': command });
  await extension.activate({ subscriptions: [] });
  const { answer, status } = await conversation(clients[0].server);
  if (!answer && status === 2) return t.skip('no python3-pylsp-jsonrpc');
  const can = answer.result.capabilities;
  assert.ok(can.definitionProvider && can.hoverProvider && can.completionProvider, JSON.stringify(can));
  assert.strictEqual(status, 0);
  return undefined;
});
