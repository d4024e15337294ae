// What is known of resources by their addresses.

const resources = new Map(catalogue.resources.map((one) => [one.address, one]));
const children = new Map();
const users = new Map();
for (const one of catalogue.resources) {
  if (one.parent) children.set(one.parent, [...(children.get(one.parent) || []), one]);
  for (const used of one.uses || []) users.set(used, [...(users.get(used) || []), one]);
}

const below = (one, kind) => (children.get(one.address) || []).filter((child) => child.kind === kind);
const titleOf = (one) => visible(one.title || one.name);
const linkTo = (one, text) => el("a", { href: "#/" + encodeURI(one.address) }, text || titleOf(one));

/** The stages of a resource, or those of its versions. */
function stages(one) {
  const own = one.stage ? [one.stage] : below(one, "version").map((version) => version.stage);
  return [...new Set(own.filter(Boolean))];
}

/** A value of metadata as texts to filter by: a list has several, and what has parts is only on the page of its resource. */
function values(one, name) {
  const value = (one.metadata || {})[name];
  if (value == null) return [];
  const items = Array.isArray(value) ? value : [value];
  return items.filter((item) => typeof item !== "object").map(String);
}

/** What can be filtered by, besides text: each with the values of a resource. */
function filters(all) {
  const found = [
    ["stage", stages],
    ["style", (one) => (one.kind === "api" && one.fields.kind ? [one.fields.kind] : [])],
  ];
  const names = new Set(all.flatMap((one) => Object.keys(one.metadata || {})));
  for (const name of [...names].sort()) found.push([name, (one) => values(one, name)]);
  return found
    .map(([name, of]) => ({ name, of, all: [...new Set(all.flatMap(of))].sort() }))
    .filter((filter) => filter.all.length > 0);
}

const texts = new Map();

/** Everything that a search looks at, in lower case. */
function searchable(one) {
  if (!texts.has(one.address)) {
    const parts = [one.address, one.title, JSON.stringify(one.fields), JSON.stringify(one.metadata || {})];
    texts.set(one.address, parts.join("\n").toLowerCase());
  }
  return texts.get(one.address);
}
