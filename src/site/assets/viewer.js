// The description of a definition: OpenAPI in Swagger UI, everything else as text.

const loaded = new Map();

/** Runs a script of this site once. Pages of files cannot fetch; a script works everywhere. */
function load(file) {
  if (!loaded.has(file)) {
    loaded.set(file, new Promise((done, failed) => {
      document.head.append(el("script", { src: file, onload: done, onerror: () => failed(new Error(file)) }));
    }));
  }
  return loaded.get(file);
}

/** Descriptions that were loaded, by the address of their definition; their scripts put them here. */
window.descriptions = {};

function documentPanel(one) {
  const panel = el("div", { id: "document" }, el("p", { class: "faint" }, "Loading…"));
  showDocument(one, panel).catch((error) => {
    panel.replaceChildren(el("p", {}, "The description cannot be shown: " + visible(error.message)));
  });
  return panel;
}

/** References within a description are resolved against its address, which must not be that of a file. */
const ADDRESS = { statePlugins: { spec: { wrapSelectors: { url: () => () => "https://description.invalid/" } } } };

async function showDocument(one, panel) {
  await load(one.document.file);
  const { text, value } = window.descriptions[one.address];
  const raw = el("details", {}, el("summary", {}, "Text"), el("pre", { class: "document", tabindex: "0" }, el("code", {}, visible(text))));
  if (!value) {
    raw.open = true;
    panel.replaceChildren(raw);
    return;
  }
  const place = el("div", { class: "viewer" });
  panel.replaceChildren(place, raw);
  if (!document.getElementById("viewer-style")) {
    document.head.append(el("link", { id: "viewer-style", rel: "stylesheet", href: "viewer/swagger-ui.css" }));
  }
  await load("viewer/swagger-ui-bundle.js");
  // Nothing is sent from here: no request can be tried, and no validator is asked.
  window.SwaggerUIBundle({
    spec: value, domNode: place, supportedSubmitMethods: [], validatorUrl: null, docExpansion: "list", plugins: [ADDRESS],
  });
}
