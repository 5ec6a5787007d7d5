// SPDX-License-Identifier: BSD-2-Clause
// Starts `flue lsp` for YAML files; everything else is the server's.
const { workspace, commands } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

function start() {
  const [command, ...args] = workspace.getConfiguration('flue').get('command');
  const documentSelector = [{ scheme: 'file', language: 'yaml' }];
  client = new LanguageClient('flue', 'flue', { command, args }, { documentSelector });
  return client.start();
}

exports.activate = (context) => {
  const restart = async () => {
    await client?.stop();
    return start();
  };
  context.subscriptions.push(commands.registerCommand('flue.restart', restart));
  return start();
};

exports.deactivate = () => client?.stop();
