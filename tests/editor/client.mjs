// A small editor: speaks the Language Server Protocol with the real yaml-language-server over stdio.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const server = path.join(
  path.dirname(createRequire(import.meta.url).resolve('yaml-language-server/package.json')),
  'bin/yaml-language-server',
);

/** Long enough for a slow machine; nothing waits that long when all is well. */
const PATIENCE = 20_000;

export class Editor {
  #process;
  #waiting = new Map();
  #published = new Map();
  #buffer = Buffer.alloc(0);
  #next = 1;
  #opened = 0;
  #settings;

  /** Starts a server. `schemas` maps a schema's file name to globs, as `yaml.schemas` does in an editor. */
  static async start(schemas = {}) {
    const editor = new Editor();
    editor.#settings = {
      yaml: {
        schemas: Object.fromEntries(
          Object.entries(schemas).map(([file, globs]) => [pathToFileURL(file).href, globs]),
        ),
        schemaStore: { enable: false },
        kubernetesCRDStore: { enable: false },
        validate: true,
        hover: true,
        completion: true,
      },
    };
    editor.#process = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    editor.#process.stdout.on('data', (chunk) => editor.#receive(chunk));
    await editor.request('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        textDocument: {
          completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown', 'plaintext'] } },
          hover: { contentFormat: ['markdown'] },
        },
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: false } },
      },
    });
    editor.notify('initialized', {});
    editor.notify('workspace/didChangeConfiguration', { settings: editor.#settings });
    // The server pulls its settings; a document that is opened earlier would be checked without them.
    await editor.request('yaml/get/all/jsonSchemas', 'file:///none.yaml').catch(() => undefined);
    return editor;
  }

  stop() {
    this.#process.kill();
  }

  request(method, params) {
    const id = this.#next++;
    this.#send({ jsonrpc: '2.0', id, method, params });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${method}`)), PATIENCE);
      this.#waiting.set(id, (message) => {
        clearTimeout(timer);
        if (message.error) reject(new Error(`${method}: ${message.error.message}`));
        else resolve(message.result);
      });
    });
  }

  notify(method, params) {
    this.#send({ jsonrpc: '2.0', method, params });
  }

  /** Opens a document, each time under a name of its own in the folder of `file`: the server remembers documents. */
  open(file, text) {
    const uri = pathToFileURL(path.join(path.dirname(file), `${this.#opened++}.${path.basename(file)}`)).href;
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    return uri;
  }

  close(uri) {
    this.notify('textDocument/didClose', { textDocument: { uri } });
    this.#published.delete(uri);
  }

  /** What is wrong with a document, as `{line, message}` with lines counted from 1. */
  async diagnostics(file, text) {
    const uri = this.open(file, text);
    const found = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no diagnostics for ${file}`)), PATIENCE);
      this.#published.set(uri, (found) => {
        clearTimeout(timer);
        resolve(found);
      });
    });
    this.close(uri);
    return found.map(({ range, message, severity }) => ({ line: range.start.line + 1, message, severity }));
  }

  /** What is offered at the mark `|` in a text. */
  async complete(file, marked) {
    const { text, position } = place(marked);
    const uri = this.open(file, text);
    const answer = await this.request('textDocument/completion', { textDocument: { uri }, position });
    this.close(uri);
    return (answer?.items ?? []).map(({ label, documentation, insertText, textEdit }) => ({
      label,
      documentation: documentation?.value ?? documentation ?? '',
      text: textEdit?.newText ?? insertText ?? label,
    }));
  }

  /** The text that shows at the mark `|`. */
  async hover(file, marked) {
    const { text, position } = place(marked);
    const uri = this.open(file, text);
    const answer = await this.hoverAt(uri, position);
    this.close(uri);
    return answer;
  }

  /** The text that shows at a place of an open document. */
  async hoverAt(uri, position) {
    const answer = await this.request('textDocument/hover', { textDocument: { uri }, position });
    return answer?.contents?.value ?? '';
  }

  #send(message) {
    const body = JSON.stringify(message);
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #receive(chunk) {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const head = this.#buffer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.subarray(0, head).toString())[1]);
      const end = head + 4 + length;
      if (this.#buffer.length < end) return;
      const message = JSON.parse(this.#buffer.subarray(head + 4, end).toString());
      this.#buffer = this.#buffer.subarray(end);
      this.#handle(message);
    }
  }

  #handle(message) {
    if (message.method === 'workspace/configuration') {
      const result = message.params.items.map(({ section }) =>
        section === undefined ? this.#settings : (this.#settings[section] ?? null),
      );
      this.#send({ jsonrpc: '2.0', id: message.id, result });
    } else if (message.method && message.id !== undefined) {
      this.#send({ jsonrpc: '2.0', id: message.id, result: null });
    } else if (message.method === 'textDocument/publishDiagnostics') {
      this.#published.get(message.params.uri)?.(message.params.diagnostics);
      this.#published.delete(message.params.uri);
    } else if (this.#waiting.has(message.id)) {
      this.#waiting.get(message.id)(message);
      this.#waiting.delete(message.id);
    }
  }
}

/** Takes the mark `|` out of a text: the last one, so that block scalars may stand before it. */
function place(marked) {
  const at = marked.lastIndexOf('|');
  if (at < 0) throw new Error('no mark in the text');
  const before = marked.slice(0, at).split('\n');
  return {
    text: marked.slice(0, at) + marked.slice(at + 1),
    position: { line: before.length - 1, character: before.at(-1).length },
  };
}
