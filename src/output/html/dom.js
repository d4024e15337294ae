"use strict";
// All text reaches the page as text: through text nodes and attributes, never as markup.

const carried = JSON.parse(document.getElementById("plan").textContent);
const plan = carried.plan;

const byId = (id) => document.getElementById(id);

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

const TREACHEROUS =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** The text with everything that hides or reorders text spelt out. */
function visible(text) {
  return String(text).replace(TREACHEROUS, (c) => "\\u{" + c.codePointAt(0).toString(16) + "}");
}

const number = (n) => n.toLocaleString("en-US");

function count(n, noun) {
  return n === 1 ? "1 " + noun : number(n) + " " + noun + "s";
}

function place(source) {
  return source ? visible(source.file) + ":" + source.line + ":" + source.column : "";
}

/** A help; what is below an empty line, indented by two spaces, is a manifest. */
function help(text) {
  const [words, ...below] = text.split("\n\n");
  const lines = below.join("\n\n").trimEnd().split("\n");
  const isManifest = below.join("").trim() !== "" && lines.every((line) => line === "" || line.startsWith("  "));
  if (!isManifest) return prose(text);
  const manifest = lines.map((line) => line.slice(2)).join("\n");
  return [...prose(words), el("pre", { class: "manifest", tabindex: 0 }, visible(manifest))];
}

/** A sentence in which code is between backticks. */
function prose(text) {
  const pieces = visible(text).split("`");
  if (pieces.length % 2 === 0) return [pieces.join("`")];
  return pieces.map((piece, i) => (i % 2 === 0 ? piece : el("code", {}, piece)));
}
