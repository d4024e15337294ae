// Values as people write them, and which words of them differ.

const RESERVED = /^(true|false|null|yes|no|on|off|y|n|~)$/i;
const NUMERIC = /^[-+]?(\d[\d_]*)?\.?\d+(e[-+]?\d+)?$|^0[xo]/i;

/** A text without quotes, unless they decide what it means. */
function plainText(text) {
  const isPlain =
    text !== "" &&
    text.trim() === text &&
    !RESERVED.test(text) &&
    !NUMERIC.test(text) &&
    !/^[-?:,[\]{}#&*!|>'"%@`]/.test(text) &&
    !/: | #|:$|[\n\r\t]/.test(text);
  return isPlain ? text : JSON.stringify(text);
}

const isStructure = (value) => value !== null && typeof value === "object";

/** The choices of a metadata schema as the list that people write. */
function choicesOf(items) {
  const isChoice = (item) =>
    isStructure(item) && "const" in item && Object.keys(item).every((key) => key === "const" || key === "description");
  if (items.length === 0 || !items.every(isChoice)) return null;
  return items.map(({ const: value, description }) => (description ? value + " (" + description + ")" : value));
}

const MOMENT =
  /^(\d{4}-\d\d-\d\d)[Tt ]((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d(?:\.\d{1,9})?)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/;

/** A day that exists. */
function isDay(text) {
  const time = Date.parse(text + "T00:00:00Z");
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** A date and a time as people read them; any other text as it is. */
function readable(text) {
  const found = MOMENT.exec(text);
  if (!found || !isDay(found[1])) return text;
  const [, day, minutes, all = "", zone = ""] = found;
  const offset = /^(z|[+-]00:00)$/i.test(zone) ? " UTC" : zone && " " + zone;
  const seconds = (all.includes(".") ? all.replace(/\.?0+$/, "") : all).replace(/^:00$/, "");
  const isMidnight = minutes === "00:00" && seconds === "";
  return isMidnight && (offset === "" || offset === " UTC") ? day : day + " " + minutes + seconds + offset;
}

const SAME_TIME = "the same time, written differently";

/** A time that can be compared; one without a zone is only the same as another one without. */
function timeOf(text) {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return isDay(text) ? "day " + text : null;
  const found = MOMENT.exec(text);
  if (!found || !isDay(found[1])) return null;
  const [, day, minutes, seconds = ":00", zone] = found;
  const [whole, fraction = ""] = seconds.split(".");
  const at = new Date(Date.parse(day + "T" + minutes + whole + (zone || "Z").toUpperCase())).toISOString().slice(0, 19);
  const rest = fraction.replace(/0+$/, "");
  if (at.endsWith("T00:00:00") && rest === "") return "day " + at.slice(0, 10);
  return (zone ? "at " : "local ") + at + "." + rest;
}

function textsOf(value, into) {
  if (typeof value === "string") into.add(value);
  else if (isStructure(value)) for (const inner of Object.values(value)) textsOf(inner, into);
  return into;
}

function mapped(value, form) {
  if (typeof value === "string") return form(value);
  if (Array.isArray(value)) return value.map((item) => mapped(item, form));
  if (!isStructure(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapped(inner, form)]));
}

/** Both sides of a field as people read them. What would look the same although it differs stays as it is. */
function sidesOf(field) {
  const texts = [...textsOf([field.before, field.after], new Set())];
  const forms = new Map();
  for (const text of texts) forms.set(readable(text), (forms.get(readable(text)) || 0) + 1);
  const form = (text) => (forms.get(readable(text)) > 1 ? text : readable(text));
  const [before, after] = [field.before, field.after].map((value) => fieldValue(field.path, mapped(value, form)));
  const areTexts = typeof field.before === "string" && typeof field.after === "string" && field.before !== field.after;
  const isSame = areTexts && timeOf(field.before) !== null && timeOf(field.before) === timeOf(field.after);
  return { before, after, note: isSame ? SAME_TIME : "" };
}

const ADDRESS = /https?:\/\/[A-Za-z0-9][A-Za-z0-9.:-]*(?:[\/?#][A-Za-z0-9._~\/:#%?=&+,;@!$'()*[\]-]*)?/g;

/** The parts of a value, with links for the addresses in it; where words are marked, only if it is one address. */
function withLinks(value, parts) {
  const whole = typeof value === "string" && value.match(ADDRESS);
  if (whole && whole[0] === value) return [linked(parts, value)];
  if (parts.length !== 1 || typeof parts[0] !== "string") return parts;
  const [text] = parts;
  const out = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    // What ends a sentence or a list is not of the address.
    const address = found[0].replace(/[.,;:!?'")\]]+$/, "");
    out.push(text.slice(end, found.index), linked(address, address));
    end = found.index + address.length;
  }
  return [...out, text.slice(end)];
}

/** A value on lines, in the layout of YAML. Keys are sorted where two values are compared. */
function lines(value, isSorted, indent = "") {
  if (Array.isArray(value)) {
    const items = choicesOf(value) || value;
    if (items.length === 0) return [indent + "[]"];
    return items.flatMap((item) => {
      const [first, ...rest] = lines(item, isSorted, indent + "  ");
      return [indent + "- " + first.slice(indent.length + 2), ...rest];
    });
  }
  if (isStructure(value)) {
    const keys = Object.keys(value);
    if (keys.length === 0) return [indent + "{}"];
    if (isSorted) keys.sort();
    return keys.flatMap((key) => {
      const inner = value[key];
      const isChoices = key === "oneOf" && Array.isArray(inner) && choicesOf(inner);
      const name = indent + (isChoices ? "choices" : plainText(key)) + ":";
      const isDeep = isStructure(inner) && Object.keys(inner).length > 0;
      if (isDeep) return [name, ...lines(inner, isSorted, indent + "  ")];
      return [name + " " + lines(inner, isSorted)[0]];
    });
  }
  return [indent + (typeof value === "string" ? plainText(value) : String(value))];
}

/** A value of a field. A text keeps its lines, and needs quotes only where they decide. */
function valueText(value, isSorted) {
  if (typeof value === "string" && /[\n\r]/.test(value)) return value;
  return lines(value, isSorted).join("\n");
}

/** A value on one line, cut. */
function brief(value, most) {
  const flat = (value) => {
    if (Array.isArray(value)) return "[" + (choicesOf(value) || value).map(flat).join(", ") + "]";
    if (isStructure(value)) return "{" + Object.entries(value).map(([k, v]) => k + ": " + flat(v)).join(", ") + "}";
    return typeof value === "string" ? plainText(value) : String(value);
  };
  const text = flat(value);
  return text.length > most ? text.slice(0, most - 1) + "…" : text;
}

/** The path of a field in people's words. */
const fieldName = (path) => path.replace(/oneOf(\[[^\]]*\])?$/, "choices");

/** A field with who made the difference, where that is known. */
function fieldLabel(field) {
  const name = fieldName(field.path);
  if (!field.author) return name;
  return (field.author === "both" ? "! " : "") + name + " (" + field.author + ")";
}

/** The value of a field in people's words: a choice is its value. */
function fieldValue(path, value) {
  if (value === null || !/oneOf\[[^\]]*\]$/.test(path)) return value;
  const choices = choicesOf([value]);
  return choices ? choices[0] : value;
}

const MOST_PAIRS = 40000;

/** Which items of two lists are in both, as pairs of positions in order; null if there are too many to compare. */
function common(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const [n, m] = [before.length - start - end, after.length - start - end];
  if (n * m > MOST_PAIRS) return null;
  const lengths = Array.from({ length: n + 1 }, () => new Uint16Array(m + 1));
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let j = m - 1; j >= 0; j -= 1) {
      const isSame = before[start + i] === after[start + j];
      lengths[i][j] = isSame ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const pairs = Array.from({ length: start }, (_, i) => [i, i]);
  for (let i = 0, j = 0; i < n && j < m; ) {
    if (before[start + i] === after[start + j]) pairs.push([start + i++, start + j++]);
    else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  for (let k = end; k > 0; k -= 1) pairs.push([before.length - k, after.length - k]);
  return pairs;
}

const words = (text) => text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) || [];

/** Two texts with the words marked that only one of them has; only the texts if they have little in common. */
function marked(before, after) {
  const [old, now] = [words(before), words(after)];
  const pairs = common(old, now);
  const shared = (pairs || []).reduce((sum, [i]) => sum + (old[i].trim() ? old[i].length : 0), 0);
  if (shared * 3 < Math.max(before.length, after.length)) return [[visible(before)], [visible(after)]];
  const side = (items, index, tag) => {
    const known = new Set(pairs.map((pair) => pair[index]));
    const out = [];
    let run = "";
    let isRunMarked = false;
    const flush = () => {
      if (run !== "") out.push(isRunMarked ? el(tag, {}, visible(run)) : visible(run));
      run = "";
    };
    items.forEach((item, i) => {
      const isMarked = !known.has(i);
      if (isMarked !== isRunMarked) flush();
      isRunMarked = isMarked;
      run += item;
    });
    flush();
    return out;
  };
  return [side(old, 0, "del"), side(now, 1, "ins")];
}
