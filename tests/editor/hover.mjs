// Every field of every kind says what it is: the schema is walked, and each key is hovered over.

import fs from 'node:fs';
import path from 'node:path';

import { check, example } from './harness.mjs';

/** The names of a map whose keys are the author's own. */
const OWN_NAME = 'any-name';

/** Lines of a document that sets everything below a schema, with the keys and what they must say. */
class Page {
  lines = [];
  keys = [];

  key(indent, name, description, item) {
    const start = `${' '.repeat(indent)}${item ? '- ' : ''}`;
    this.keys.push({ name, description, position: { line: this.lines.length, character: start.length + 1 } });
    this.lines.push(`${start}${name}:`);
  }

  fields(schema, indent, item) {
    let first = item;
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      if (field.const === null) continue; // cannot be set
      this.key(first ? indent - 2 : indent, name, field.description ?? field.title, first);
      first = false;
      this.value(field, indent + 2);
    }
  }

  value(schema, indent) {
    const shape = schema.anyOf?.find((one) => one.properties) ?? (schema.type ? schema : (schema.anyOf?.[0] ?? schema));
    const types = [shape.type].flat();
    if (shape.properties) {
      this.fields(shape, indent, false);
    } else if (types.includes('array')) {
      if (shape.items?.properties) this.fields(shape.items, indent + 2, true);
      else this.lines.push(`${' '.repeat(indent)}- ${text(shape.items ?? {})}`);
    } else if (types.includes('object')) {
      const more = shape.additionalProperties;
      if (more?.properties) {
        this.lines.push(`${' '.repeat(indent)}${OWN_NAME}:`);
        this.fields(more, indent + 2, false);
      } else {
        this.lines[this.lines.length - 1] += ' {}';
      }
    } else {
      this.lines[this.lines.length - 1] += ` ${text(shape)}`;
    }
  }
}

/** A value that fits, so that nothing but the description is in question. */
function text(schema) {
  const values = schema.enum ?? schema.anyOf?.[0]?.enum ?? schema.examples;
  if (values) return JSON.stringify(values[0]);
  const type = [schema.type].flat()[0];
  if (type === 'boolean') return 'true';
  if (type === 'integer' || type === 'number') return '1';
  return schema.pattern?.includes('/') ? '1-0-0/openapi' : 'some-text';
}

export async function hover(editor, schemaFile, whose) {
  const document = JSON.parse(fs.readFileSync(schemaFile, 'utf8'));
  for (const rule of document.allOf) {
    const kind = rule.if.properties.kind.const;
    const page = new Page();
    page.key(0, 'apiVersion', document.properties.apiVersion.description);
    page.lines[0] += ' apicenter/v1';
    page.key(0, 'kind', document.properties.kind.description);
    page.lines[1] += ` ${kind}`;
    page.key(0, 'metadata', document.properties.metadata.description);
    page.key(2, 'name', document.properties.metadata.properties.name.description);
    page.lines[3] += ' orders';
    page.key(0, 'spec', rule.then.properties.spec.description);
    page.fields(rule.then.properties.spec, 2, false);
    await hoverAll(editor, page, kind, whose);
  }
}

async function hoverAll(editor, page, kind, whose) {
  const uri = editor.open(path.join(example, 'hover.yaml'), `${page.lines.join('\n')}\n`);
  for (const { name, description, position } of page.keys) {
    const where = `hover over ${kind}: ${page.lines[position.line].trim()} (line ${position.line + 1} of ${whose})`;
    check(`${where}: the schema describes it`, !description && 'no description');
    const shown = plain(await editor.hoverAt(uri, position));
    // The document's own `spec` is described in general and by its kind.
    const says = shown.includes(plain(description ?? '').slice(0, 60)) || (name === 'spec' && shown.includes('resource'));
    check(where, !says && `shows “${shown.slice(0, 200)}” instead of “${description}”`);
  }
  editor.close(uri);
}

/** Without what Markdown needs escaped. */
function plain(text) {
  return text.replaceAll(/\\/g, '').replaceAll(/&[a-z]+;|[`*_<>]/g, '').replaceAll(/\s+/g, ' ');
}
