// Counts what holds and what does not, and finds the program and its schemas.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const example = path.join(repository, 'examples/contoso');
export const published = path.join(repository, 'schemas/apicenter.schema.json');

const program = process.env.APICENTER ?? path.join(repository, 'target/debug/apicenter');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'apicenter-editor-'));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

/** A folder of its own for a test. */
export function folder(name) {
  const made = path.join(scratch, name);
  fs.mkdirSync(made, { recursive: true });
  return made;
}

/** Writes the schema that `apicenter schema` makes with these arguments, and returns its path. */
export function schema(name, directory, ...args) {
  const file = path.join(scratch, name);
  execFileSync(program, ['-C', directory, 'schema', ...args, '--out', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  return file;
}

let passed = 0;
let failed = 0;

/** One check: what is wrong, or nothing. */
export function check(name, problem) {
  if (!problem) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`FAILED ${name}\n    ${problem}`);
  }
}

/** That every one of the wanted is among what there is. */
export function includes(name, there, wanted) {
  const missing = wanted.filter((one) => !there.includes(one));
  check(name, missing.length > 0 && `missing ${missing.join(', ')} among: ${there.join(', ')}`);
}

/** Ends the program with the count. */
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
