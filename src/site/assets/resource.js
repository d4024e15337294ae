// The page of one resource: an API with its versions and deployments, or any other one.

/** Fields that have a place of their own on a page. */
const PLACED = ["title", "summary", "description", "versions", "deployments", "lifecycleStage", "source", "server", "environment", "definition"];

function resourcePage(one) {
  const above = ancestors(one);
  const top = above[0] || one;
  const all = kinds.find((kind) => kind.slug === top.kind);
  const path = [el("a", { href: "#/?kind=" + top.kind }, all ? all.plural : "All"), ...above.flatMap((other) => [" / ", linkTo(other)])];
  const rest = Object.entries(one.fields).filter(([name]) => one.kind === "environment" || !PLACED.includes(name));
  const metadata = Object.entries(one.metadata || {});
  const versions = below(one, "version");
  const deployments = below(one, "deployment");
  const used = users.get(one.address) || [];
  return [
    el("nav", { "aria-label": "Path" }, path),
    el("h2", {}, titleOf(one)),
    el("p", { class: "faint mono" }, visible(one.address)),
    el("div", { class: "chips" }, stages(one).map((stage) => el("span", { class: "chip stage" }, visible(stage)))),
    one.fields.summary && el("p", { class: "prose" }, visible(one.fields.summary)),
    one.fields.description && el("p", { class: "prose" }, visible(one.fields.description)),
    one.document && documentPanel(one),
    ...section("Versions", versions, () => versions.map(versionPanel)),
    ...section("Deployments", deployments, () => [deploymentTable(deployments)]),
    ...section("Metadata", metadata, () => [rows(metadata)]),
    ...section("Details", rest, () => [rows(rest)]),
    ...section("Used by", used, () => [el("ul", {}, used.map((user) => el("li", {}, linkTo(user, visible(user.address)))))]),
  ];
}

/** The resources that one is below, from the top. */
function ancestors(one) {
  const parent = one.parent && resources.get(one.parent);
  return parent ? [...ancestors(parent), parent] : [];
}

function section(title, entries, content) {
  return entries.length === 0 ? [] : [el("h3", {}, title), ...content()];
}

function versionPanel(version) {
  const definitions = below(version, "definition").map((definition) =>
    el("li", {}, linkTo(definition), definition.document && el("span", { class: "faint" }, " " + visible(definition.document.format))));
  return el("div", { class: "panel" },
    el("strong", {}, linkTo(version)), " ",
    version.stage && el("span", { class: "chip stage" }, visible(version.stage)),
    definitions.length > 0 && el("ul", {}, definitions));
}

function deploymentTable(deployments) {
  const lines = deployments.map((one) => {
    const used = (one.uses || []).map((address) => resources.get(address)).filter(Boolean);
    const of = (kind) => used.filter((other) => other.kind === kind).map((other) => linkTo(other));
    const named = (kind, field) => (of(kind).length > 0 ? of(kind) : [visible(one.fields[field] || "")]);
    const addresses = (one.fields.server || {}).runtimeUri || [];
    return [linkTo(one), named("environment", "environment"), named("definition", "definition"), shown(addresses)];
  });
  return table(["Deployment", "Environment", "Definition", "Addresses"], lines);
}
