// Good files are clean, and bad ones are marked at the right line.

import fs from 'node:fs';
import path from 'node:path';

import { Editor } from './client.mjs';
import { check, example, folder, schema } from './harness.mjs';

const header = (kind) => `apiVersion: apicenter/v1\nkind: ${kind}\nmetadata:\n  name: orders\nspec:\n`;

/** An API with everything that contoso requires; the spec starts at line 6. */
const api = `${header('Api')}  title: Orders
  kind: rest
  customProperties:
    team: checkout
    line-of-business: retail
    data-classification: public
    public-facing: true
`;

/** What is wrong, the file, the line that must be marked, and words that must be said. */
const common = [
  ['an unknown field', `${api}  titel: x\n`, 13, 'titel is not allowed'],
  ['an unknown kind', header('Apis') + '  title: x\n', 2, 'Api'],
  ['a missing title', `${header('Environment')}  kind: production\n`, 5, 'Missing property "title"'],
  ['another apiVersion', 'apiVersion: apicenter/v2\nkind: Api\n', 1, 'apicenter/v1'],
  ['a title that is too long', `${header('Environment')}  title: ${'x'.repeat(51)}\n  kind: testing\n`, 6, '50'],
  ['a list for a text', `${api}  summary: [a]\n`, 13, 'string'],
  ['a name with an underscore', `${api}  versions:\n    - name: v_1\n      title: v1\n      lifecycleStage: design\n`, 14, 'dots and hyphens'],
  ['a field that the service derives', `${api}  lifecycleStage: design\n`, 13, 'on a version'],
  ['a state, which the service drops', `${api}  deployments:\n    - name: prod\n      state: active\n`, 15, 'Cannot be set'],
  ['two licences', `${api}  license:\n    identifier: MIT\n    url: https://x\n`, 15, 'exclude each other'],
  ['a source that names nothing', `${api}  versions:\n    - name: 1-0-0\n      title: v1\n      lifecycleStage: design\n      definitions:\n        - name: openapi\n          title: O\n          source: {}\n`, 20, ''],
  ['a definition without its version', `${api}  deployments:\n    - name: prod\n      definition: openapi\n`, 15, 'VERSION/DEFINITION'],
  ['an error in the second document', `${api}---\n${header('Environment')}  title: P\n  kind: production\n  sever: {}\n`, 21, 'sever is not allowed'],
];

/** Mistakes that only the project's schema can know. */
const own = [
  ['a wrong choice', api.replace('retail', 'wholesale'), 10, 'retail'],
  ['a missing required key', api.replace('    team: checkout\n', ''), 8, 'Missing property "team"'],
  ['no custom metadata at all', `${header('Api')}  title: O\n  kind: rest\n`, 5, 'Missing property "customProperties"'],
  ['a required key in the second document', `${api}---\n${header('Environment')}  title: P\n  kind: production\n  customProperties:\n    line-of-business: it\n`, 21, 'cost-centre'],
  ['an unknown key', `${api}    teem: x\n`, 13, 'teem is not allowed'],
  ['a key of another entity', `${api}  deployments:\n    - name: prod\n      customProperties:\n        team: x\n`, 16, 'team is not allowed'],
  ['the ownership marker', `${api}    managed-by: x\n`, 13, 'managed-by is not allowed'],
  ['a text for a number', `${api}    slo-availability: high\n`, 13, 'number'],
  ['a number out of range', `${api}    slo-availability: 101\n`, 13, '100'],
  ['a text that does not match', api.replace('team: checkout', 'team: Checkout'), 9, 'pattern'],
  ['a choice of many', `${api}    regulations: [gdpr, hipaa]\n`, 13, 'pci-dss'],
  ['a key of an object', `${api}    approver:\n      name: Ines\n`, 13, 'email'],
  ['an environment that is not declared', `${api}  deployments:\n    - name: prod\n      environment: prod\n`, 15, 'No environment of this name'],
];

/** What must not be marked. */
const fine = [
  ['an API', api],
  ['an unknown style of API', api.replace('kind: rest', 'kind: odata')],
  ['an unknown platform', `${header('Environment')}  title: P\n  kind: edge\n  server: {type: Tyk}\n  customProperties: {cost-centre: "1001"}\n`],
  ['variables', api.replace('retail', '${business}').replace('true', '${public}').replace('metadata:\n  name: orders', 'metadata:\n  name: ${name}')],
  ['a variable as environment', `${api}  deployments:\n    - name: prod-\${stage}\n      environment: \${environment}\n      definition: \${version}/openapi\n`],
  ['a definition that no API has yet', `${api}  deployments:\n    - name: prod\n      definition: 9-0-0/asyncapi\n`],
  ['numbers that are read as texts', `${header('Environment')}  title: P\n  kind: testing\n  customProperties:\n    cost-centre: 1001\n`],
  ['a version of a format', `${api}  versions:\n    - name: 1-0-0\n      title: v1\n      lifecycleStage: design\n      definitions:\n        - name: openapi\n          title: O\n          specification: {name: openapi, version: 3.1}\n`],
  ['texts that YAML reads as something else', `${api.replace('title: Orders', 'title: 2').replace('name: orders', 'name: 1.0')}  summary: 2024-01-01\n  description: true\n  versions:\n    - name: 1.0\n      title: 1.0\n      lifecycleStage: design\n`],
  ['a plan in one word', `${header('Service')}  location: westeurope\n  sku: Standard\n  identity: SystemAssigned\n`],
  ['an OpenAPI file', 'openapi: 3.0.3\ninfo: {title: Orders, version: "1"}\npaths: {}\n'],
  ['an AsyncAPI file', 'asyncapi: 3.0.0\ninfo: {title: Orders, version: "1"}\n'],
  ['comments', '# nothing yet\n'],
  ['a file with a BOM', `\uFEFF${api}`],
  ['a file with CRLF', api.replaceAll('\n', '\r\n')],
  ['limits of a project', `${header('Project')}  safety:\n    maxDeletes: 5\n  targets:\n    local: {emulator: {}}\n`],
];

const told = (found) => found.map(({ line, message }) => `${line}: ${message}`).join('; ') || 'nothing';

async function bad(editor, whose, table) {
  await Promise.all(
    table.map(async ([what, text, line, words]) => {
      const found = await editor.diagnostics(path.join(example, 'x.yaml'), text);
      const hit = found.some((one) => one.line === line && one.message.includes(words));
      check(`${what} is marked (${whose})`, !hit && `wanted line ${line} with “${words}”, got ${told(found)}`);
    }),
  );
}

async function clean(editor, what, file, text) {
  const found = await editor.diagnostics(file, text);
  check(`${what} is clean`, found.length > 0 && told(found));
}

export async function diagnostics(plainEditor, ownEditor) {
  await bad(plainEditor, 'published', common);
  await bad(ownEditor, 'project', [...common, ...own]);
  const file = path.join(example, 'x.yaml');
  await Promise.all(fine.map(([what, text]) => clean(plainEditor, `${what} (published)`, file, text)));
  await Promise.all(fine.map(([what, text]) => clean(ownEditor, `${what} (project)`, file, text)));
  const files = fs.readdirSync(example, { recursive: true }).filter((file) => file.endsWith('.yaml')).sort();
  check('the example has files', files.length < 10 && `only ${files.length}`);
  const texts = files.map((name) => [name, path.join(example, name)]);
  await Promise.all(texts.map(([name, place]) => clean(ownEditor, name, place, fs.readFileSync(place, 'utf8'))));
  await overlays(ownEditor);
  await modeline();
  await broken();
}

async function overlays(editor) {
  const file = path.join(example, 'overlays/prod/x.yaml');
  await clean(editor, 'an overlay that takes a field away', file, `${header('Api')}  summary: null\n  deployments:\n    - name: prod\n      environment: null\n`);
  await bad({ diagnostics: (_, text) => editor.diagnostics(file, text) }, 'overlay', [
    ['an unknown field', `${header('Api')}  titel: x\n`, 6, 'titel'],
    ['a wrong choice', `${header('Api')}  customProperties:\n    line-of-business: wholesale\n`, 7, 'retail'],
    ['an item without a name', `${header('Api')}  deployments:\n    - title: x\n`, 7, 'name'],
  ]);
}

/** The first line of a file is all that is needed, with a path relative to the file. */
async function modeline() {
  const place = folder('modeline/apis');
  fs.copyFileSync(schema('modeline.json', example, '--project'), path.join(place, '../schema.json'));
  const line = '# yaml-language-server: $schema=../schema.json\n';
  const editor = await Editor.start();
  const without = await editor.diagnostics(path.join(place, 'x.yaml'), `${api}  titel: x\n`);
  check('no schema, no diagnostics', without.length > 0 && told(without));
  await bad({ diagnostics: (_, text) => editor.diagnostics(path.join(place, 'x.yaml'), line + text) }, 'first line', [
    ['an unknown field', `${api}  titel: x\n`, 14, 'titel'],
    ['a wrong choice', api.replace('retail', 'wholesale'), 11, 'retail'],
  ]);
  editor.stop();
}

/** A project with errors still gives what can be read of it. */
async function broken() {
  const place = folder('broken');
  fs.writeFileSync(path.join(place, 'apicenter.yaml'), `${header('Project')}  targets: {local: {emulator: {}}}\n`);
  fs.writeFileSync(path.join(place, 'a.yaml'), `${header('Environment')}  titel: x\n`);
  fs.writeFileSync(path.join(place, 'b.yaml'), 'apiVersion: apicenter/v1\nkind: Api\n  bad: [\n');
  fs.writeFileSync(
    path.join(place, 'c.yaml'),
    `${header('MetadataSchema').replace('orders', 'tier')}  schema: {type: string, enum: [gold, silver]}\n  assignedTo: [{entity: api, required: true}]\n`,
  );
  const editor = await Editor.start({ [schema('broken.json', place, '--project')]: ['**/*.yaml'] });
  const text = `${header('Api')}  title: O\n  kind: rest\n  customProperties: {tier: bronze}\n  deployments:\n    - {name: prod, environment: orders}\n`;
  const found = await editor.diagnostics(path.join(place, 'x.yaml'), text);
  const right = found.length === 1 && found[0].line === 8 && found[0].message.includes('gold');
  check('a project with errors still has a schema', !right && told(found));
  editor.stop();
}
