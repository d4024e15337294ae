// The schemas in a real editor's language server: run by run.sh.

import { Editor } from './client.mjs';
import { completion } from './completion.mjs';
import { diagnostics } from './diagnostics.mjs';
import { example, finish, published, schema } from './harness.mjs';
import { hover } from './hover.mjs';

const glob = ['**/*.yaml'];
const project = schema('project.json', example, '--project');
const overlay = schema('overlay.json', example, '--project', '--overlay');

const plain = await Editor.start({ [published]: glob });
const own = await Editor.start({
  [project]: [...glob, '!**/overlays/**'],
  [overlay]: ['**/overlays/**/*.yaml'],
});
try {
  await diagnostics(plain, own);
  await completion(plain, own);
  await hover(plain, published, 'the published schema');
  await hover(own, project, "the project's schema");
} finally {
  plain.stop();
  own.stop();
}
finish();
