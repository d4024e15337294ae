// What an editor offers: kinds, fields, values, snippets, the project's own keys and names.

import path from 'node:path';

import { check, example, includes } from './harness.mjs';

const file = path.join(example, 'x.yaml');
const head = (kind) => `apiVersion: apicenter/v1\nkind: ${kind}\nmetadata:\n  name: orders\nspec:\n`;
const inApi = (text) => `${head('Api')}  title: Orders\n${text}`;

const labels = (items) => items.map(({ label }) => label);

async function offers(editor, what, marked, wanted) {
  const items = await editor.complete(file, marked);
  includes(what, labels(items), wanted);
  const doubled = labels(items).filter((label, i, all) => all.indexOf(label) !== i);
  check(`${what}: each once`, doubled.length > 0 && `twice: ${doubled.join(', ')}`);
  return items;
}

/** Values are offered with a description each. */
async function values(editor, what, marked, wanted) {
  const items = await offers(editor, what, marked, wanted);
  const bare = items.filter(({ label, documentation }) => wanted.includes(label) && !documentation);
  check(`${what}: described`, bare.length > 0 && `no description: ${labels(bare).join(', ')}`);
  check(`${what}: no null`, labels(items).includes('null') && 'null is offered');
}

const stages = ['design', 'development', 'testing', 'preview', 'production', 'deprecated', 'retired'];
const apiFields = ['kind', 'summary', 'description', 'termsOfService', 'externalDocumentation', 'contacts', 'license', 'customProperties', 'versions', 'deployments'];

export async function completion(plain, own) {
  for (const [whose, editor] of [['published', plain], ['project', own]]) {
    const say = (what) => `${what} (${whose})`;
    await offers(editor, say('keys of a document'), '|\n', ['apiVersion', 'kind', 'metadata', 'spec']);
    await values(editor, say('kinds'), 'apiVersion: apicenter/v1\nkind: |\n', ['Project', 'Service', 'MetadataSchema', 'Environment', 'Api']);
    await offers(editor, say('fields of an API'), inApi('  |\n'), apiFields);
    await offers(editor, say('fields of an API, at the start'), `${head('Api')}  |\n`, ['title', ...apiFields]);
    await offers(editor, say('fields in a second document'), `${head('Service')}  location: x\n---\n${inApi('  |\n')}`, apiFields);
    await offers(editor, say('fields of an environment'), `${head('Environment')}  title: P\n  |\n`, ['kind', 'server', 'onboarding']);
    await offers(editor, say('fields of a version'), inApi('  versions:\n    - name: 1-0-0\n      |\n'), ['title', 'lifecycleStage', 'definitions']);
    await offers(editor, say('fields of a definition'), inApi('  versions:\n    - name: 1-0-0\n      definitions:\n        - name: openapi\n          |\n'), ['title', 'source', 'specification']);
    await offers(editor, say('fields of a source'), inApi('  versions:\n    - name: 1-0-0\n      definitions:\n        - source:\n            |\n'), ['file', 'inline', 'url']);
    await offers(editor, say('fields of a deployment'), inApi('  deployments:\n    - name: prod\n      |\n'), ['environment', 'definition', 'server']);
    await offers(editor, say('fields of a target'), `${head('Project')}  targets:\n    prod:\n      |\n`, ['emulator', 'subscriptionId', 'service', 'overlays']);
    await values(editor, say('styles'), inApi('  kind: |\n'), ['rest', 'graphql', 'grpc', 'soap', 'webhook', 'websocket', 'mcp']);
    await values(editor, say('stages'), inApi('  versions:\n    - lifecycleStage: |\n'), stages);
    await values(editor, say('platforms'), `${head('Environment')}  server:\n    type: |\n`, ['Azure API Management', 'Kubernetes']);
    await values(editor, say('plans'), `${head('Service')}  sku: |\n`, ['Free', 'Standard']);
    await values(editor, say('clouds'), `${head('Project')}  targets:\n    prod:\n      cloud: |\n`, ['public', 'usgovernment', 'china']);
    await values(editor, say('entities'), `${head('MetadataSchema')}  assignedTo:\n    - entity: |\n`, ['api', 'environment', 'deployment']);
    await snippets(editor, whose);
  }
  await ofProject(own);
}

async function ofProject(editor) {
  const required = ['team', 'line-of-business', 'data-classification', 'public-facing'];
  const custom = await offers(editor, 'custom properties of an API', inApi('  customProperties:\n    |\n'), [...required, 'regulations', 'approver', 'slo-availability']);
  for (const hidden of ['cost-centre', 'managed-by']) {
    check(`${hidden} is not offered for an API`, labels(custom).includes(hidden) && 'it is');
  }
  const whole = (await editor.complete(file, inApi('  |\n'))).find(({ label }) => label === 'customProperties');
  const left = required.filter((name) => !whole.text.includes(`${name}:`));
  check('customProperties brings the required keys', left.length > 0 && `without ${left.join(', ')}`);
  await offers(editor, 'custom properties of an environment', `${head('Environment')}  customProperties:\n    |\n`, ['cost-centre', 'line-of-business']);
  await offers(editor, 'custom properties of a deployment', inApi('  deployments:\n    - name: prod\n      customProperties:\n        |\n'), ['slo-availability', 'line-of-business']);
  await values(editor, 'choices', inApi('  customProperties:\n    data-classification: |\n'), ['public', 'internal', 'confidential', 'restricted']);
  await offers(editor, 'choices without descriptions', inApi('  customProperties:\n    line-of-business: |\n'), ['retail', 'finance', 'logistics', 'it']);
  await values(editor, 'choices of many', inApi('  customProperties:\n    regulations:\n      - |\n'), ['gdpr', 'pci-dss', 'sox']);
  await offers(editor, 'a yes or no', inApi('  customProperties:\n    public-facing: |\n'), ['true', 'false']);
  await offers(editor, 'fields of an object', inApi('  customProperties:\n    approver:\n      |\n'), ['name', 'email', 'approvedOn']);
  await values(editor, 'environments', inApi('  deployments:\n    - environment: |\n'), ['prod-apim-weu', 'stage-apim', 'partner-kong']);
  await values(editor, 'definitions', inApi('  deployments:\n    - definition: |\n'), ['1-0-0/openapi', '2-0-0/openapi']);
  await offers(editor, 'targets', `${head('Project')}  defaultTarget: |\n`, ['local', 'prod']);
  await values(editor, 'metadata schemas as marker', `${head('Project')}  ownership:\n    property: |\n`, ['team']);
  await offers(editor, 'kinds to ignore', `${head('Project')}  ignore:\n    - kind: |\n`, ['Api', 'ApiVersion', 'Deployment']);
  await values(editor, 'fields to ignore', `${head('Project')}  ignore:\n    - field: |\n`, ['customProperties.team']);
}

/** Every kind has a snippet, and what it inserts is a valid manifest. */
async function snippets(editor, whose) {
  const offered = (await editor.complete(file, '|\n')).filter(({ label, text }) => !label.startsWith('object(') && /^kind: /m.test(text) && text.includes('metadata:\n'));
  const kinds = offered.map(({ text }) => /^kind: (\w+)$/m.exec(text)?.[1]);
  includes(`snippets (${whose})`, kinds, ['Project', 'Service', 'MetadataSchema', 'Environment', 'Api']);
  const checked = offered.map(async ({ label, text }) => {
    const found = await editor.diagnostics(file, filled(text));
    // A project's own rules are what the author fills in next.
    const wrong = found.filter(({ message }) => whose === 'published' || !/customProperties|environment/i.test(message));
    check(`the snippet ${label} is valid (${whose})`, wrong.length > 0 && `${wrong.map(({ line, message }) => `${line}: ${message}`).join('; ')}\n${filled(text)}`);
  });
  await Promise.all(checked);
}

/** A snippet with its tab stops left as they are. */
function filled(text) {
  return text
    .replace(/\$\{\d+\|((?:\\.|[^,|])*)[^}]*\|\}/g, '$1')
    .replace(/\$\{\d+:((?:\\.|[^}])*)\}/g, '$1')
    .replace(/\$\d+/g, '')
    .replace(/\\(.)/g, '$1');
}
