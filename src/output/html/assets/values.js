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
