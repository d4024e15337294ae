// What the page is about, and pieces that all its parts use.

const carried = JSON.parse(document.getElementById("plan").textContent);
const plan = carried.plan;
const origin = carried.origin || {};

const byId = (id) => document.getElementById(id);

const number = (n) => n.toLocaleString("en-US");

function count(n, noun) {
  return n === 1 ? "1 " + noun : number(n) + " " + noun + "s";
}

/** `file:line:column`. */
function placeText(source) {
  return visible(source.file) + ":" + source.line + ":" + source.column;
}

/** A place; where the repository is known, a link to the line at the commit. Without a file that was named before. */
function place(source, named) {
  if (!source) return el("span", {});
  const isNamed = named && named.file === source.file;
  const path = source.file.split("/").map(encodeURIComponent).join("/");
  const address = origin.file && origin.file.replaceAll("{line}", String(source.line)).replace("{path}", () => path);
  const text = isNamed ? ":" + source.line + ":" + source.column : placeText(source);
  return linked(text, address, "mono where");
}

/** A link that leaves the page, or only what it is about: a text, or nodes. */
function linked(content, address, classes) {
  const isWeb = address && /^https?:\/\//.test(address);
  const children = Array.isArray(content) ? content : [content];
  if (!isWeb) return el("span", { class: classes }, ...children);
  return el("a", { class: classes, href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** A help; what is below an empty line, indented by two spaces, is a manifest. */
function help(text) {
  const [words, ...below] = text.split("\n\n");
  const lines = below.join("\n\n").trimEnd().split("\n");
  const isManifest = below.join("").trim() !== "" && lines.every((line) => line === "" || line.startsWith("  "));
  if (!isManifest) return prose(text);
  const manifest = lines.map((line) => line.slice(2)).join("\n");
  const block = el("pre", { class: "manifest", tabindex: 0, role: "region", "aria-label": "Manifest" }, visible(manifest));
  return [...prose(words), block, copyButton("Copy", "the manifest", () => manifest + "\n")];
}

/** A sentence in which code is between backticks. */
function prose(text) {
  const pieces = visible(text).split("`");
  if (pieces.length % 2 === 0) return [pieces.join("`")];
  return pieces.map((piece, i) => (i % 2 === 0 ? piece : el("code", {}, piece)));
}

/** Says something to those who do not see the page. */
function say(text) {
  byId("said").textContent = text;
}

function copyButton(words, what, textOf) {
  const button = el("button", { type: "button", class: "copy", "aria-label": "Copy " + what }, words);
  button.addEventListener("click", async () => {
    const isCopied = await copy(textOf());
    button.textContent = isCopied ? "Copied" : "Not copied";
    say(isCopied ? "Copied " + what : "The browser did not allow to copy " + what);
    setTimeout(() => (button.textContent = words), 1500);
  });
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Files have no clipboard in some browsers, but what is selected can be copied.
    const box = el("textarea", { class: "unseen", "aria-hidden": "true" });
    const focused = document.activeElement;
    box.value = text;
    document.body.append(box);
    box.select();
    const isCopied = document.execCommand("copy");
    box.remove();
    if (focused) focused.focus();
    return isCopied;
  }
}
