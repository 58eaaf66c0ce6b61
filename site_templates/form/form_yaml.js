// Reads and writes the records for the form. Every value stays the text it is in the file (007, 18:30, yes), and
// what the form did not touch keeps its comments and its way of writing: new values are put into the old file.
import { mergeRecords } from "./form_merge.js";
import { Document, isMap, isScalar, isSeq, parseDocument, Scalar, visit, YAMLMap, YAMLSeq } from "./yaml/index.js";

const SOURCE = "#"; // where the text that an editor began with travels through the form; no field can be called so
const READING = { schema: "failsafe", keepSourceTokens: false, customTags: (tags) => tags.map(keepTexts) };
const WRITING = { lineWidth: 0, indentSeq: true, blockQuote: "literal" };
const KEPT_BLOCK = /^[|>]-?(?: +#.*)?$/; // one without a digit, which counts from where it stood, and without "+"
const LIKE = 0.6; // the share of two items that must be alike for one to be the other, edited

/** An error that the form shows in its own words. */
export function refuse(words) {
  return new Error("saving_failed", { cause: new Error(words) });
}

/**
 * A reader and a writer of files for the form: `fields` are the form's own, `modeline` begins a new file. `begin` gives
 * a new record the text that its file will have, `rebase` puts what an editor changed onto the file as it stands; only
 * what has been through one of them is written.
 */
export function makeFormat(fields, modeline) {
  const known = new Set();
  const fromFile = (text) => mapPhotos(readRecord(text), fields, (path) => `/${path}`);
  const write = (values) =>
    writeRecord(mapPhotos(values, fields, (path) => path.replace(/^\//, "")), fields, modeline);
  const toFile = (values) => {
    if (!known.has(values[SOURCE])) throw refuse("没有和现在的文件核对，请重新载入页面。");
    return write(values);
  };
  const keep = (written) => {
    const text = written.trim();
    known.add(text);
    return fromFile(text);
  };
  const begin = (values) => keep(write(values));
  const rebase = (values, newest) => keep(rebaseText(values[SOURCE], write(values), newest, fields));
  return { fromFile, toFile, begin, rebase };
}

/** The newest text with what changed from `base` to `own`. Throws words for the editor where both changed a field. */
function rebaseText(base, own, newest, fields) {
  if (base.trim() === newest.trim()) return own;
  const { merged, conflicts } = mergeRecords(readValues(base), readValues(own), readNewest(newest), fields);
  if (conflicts.length) {
    throw refuse(
      `你打开之后，别处也改了：${conflicts.join("、")}。别处的改动和你写的都在：` +
        "先把你写的抄下来，重新载入页面并放弃草稿，再改好保存。(changed elsewhere too)",
    );
  }
  return writeRecord({ ...merged, [SOURCE]: newest }, fields);
}

/** The values with each photo's path changed: in the form it begins with a slash, in the file it does not. */
function mapPhotos(value, fields, change) {
  if (Array.isArray(value)) return value.map((item) => mapPhotos(item, fields, change));
  if (value === null || typeof value !== "object") return value;
  const changed = { ...value };
  for (const { name, widget, fields: inner } of fields) {
    if (widget === "image" && changed[name]) changed[name] = change(changed[name]);
    else if (inner && changed[name]) changed[name] = mapPhotos(changed[name], inner, change);
  }
  return changed;
}

/** The values of a file as texts, lists and mappings, with the file's text. Throws on what is no mapping. */
export function readRecord(text) {
  return { ...readValues(text), [SOURCE]: text };
}

function readValues(text) {
  const document = parseDocument(text, READING);
  const [error] = document.errors;
  if (error) {
    throw new Error(`文件第 ${error.linePos?.[0].line ?? 1} 行写得不对，表单读不了；“检查结果”里写着怎样改。(not YAML)`);
  }
  if (!isMap(document.contents)) throw new Error("文件里没有字段");
  return document.toJS();
}

function readNewest(text) {
  try {
    return readValues(text);
  } catch (error) {
    throw refuse(`文件刚在别处改动。${error.message}`);
  }
}

/** A file's document, in which every text knows how it was typed. */
function openDocument(source) {
  const document = parseDocument(source, READING);
  visit(document, {
    Scalar(_, node) {
      if (node.range) node.typed = source.slice(node.range[0], node.range[1]).trimEnd();
    },
  });
  return document;
}

/** The tag of texts, made to write one that nobody touched as it was typed. */
function keepTexts(tag) {
  if (tag.tag !== "tag:yaml.org,2002:str") return tag;
  const stringify = (node, context, onComment, onChompKeep) => {
    const [first, ...rest] = node.typed?.split("\n") ?? [];
    const isBlock = /^[|>]/.test(first);
    if (!first || (isBlock ? !KEPT_BLOCK.test(first) : rest.length && context.implicitKey)) {
      return tag.stringify(node, context, onComment, onChompKeep);
    }
    if (isBlock && node.comment) onComment?.();
    const depth = isBlock ? rest.find((line) => line.trim())?.search(/\S/) : Infinity;
    const moved = rest.map((line) => line.slice(Math.min(depth, Math.max(0, line.search(/\S|$/)))));
    return [first, ...moved.map((line) => (line ? context.indent + line : ""))].join("\n");
  };
  return { ...tag, stringify };
}

/** The text of a file with new values: empty ones are left out, and so are defaults that were not written. */
export function writeRecord(values, fields, modeline) {
  const { [SOURCE]: source, ...rest } = values;
  const document = source ? openDocument(source) : new Document(new YAMLMap(), READING);
  if (!source && modeline) document.commentBefore = modeline.replace(/^#/, "");
  setMap(document.contents, prune(rest) ?? {}, fields);
  const text = document.toString(WRITING);
  return source ? text : text.replace(/^(#.*\n)\n/, "$1");
}

/** A value as texts, without what is empty; undefined when nothing is left. */
function prune(value) {
  if (value === null || value === undefined || value === "") return undefined;
  if (Array.isArray(value)) {
    const items = value.map(prune).filter((item) => item !== undefined);
    return items.length ? items : undefined;
  }
  if (typeof value === "object") {
    const pairs = Object.entries(value).map(([key, inner]) => [key, prune(inner)]);
    const kept = pairs.filter(([, inner]) => inner !== undefined);
    return kept.length ? Object.fromEntries(kept) : undefined;
  }
  return String(value).replaceAll("\r\n", "\n");
}

function setMap(map, values, fields) {
  for (const { key } of [...map.items]) if (!(String(key) in values)) map.delete(String(key));
  const order = fields.map((field) => field.name);
  const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  for (const name of Object.keys(values).sort((a, b) => rank(a) - rank(b))) {
    const field = fields[order.indexOf(name)];
    const old = map.get(name, true);
    if (old === undefined && field?.default !== undefined && String(field.default) === values[name]) continue;
    const node = setNode(old, values[name], field);
    if (node !== old) put(map, name, node, rank);
  }
}

/** Put a pair in its field's place among the others, or new data in an old pair. */
function put(map, name, node, rank) {
  const key = map.items.find((pair) => String(pair.key) === name)?.key;
  if (key !== undefined) {
    map.set(key, node);
    return;
  }
  const after = map.items.findIndex((pair) => rank(String(pair.key)) > rank(name));
  map.set(name, node);
  if (after >= 0) map.items.splice(after, 0, map.items.pop());
}

/** The node of a value: the old one changed where it can be, so that its comments stay. */
function setNode(old, value, field) {
  const fields = field?.fields ?? [];
  if (Array.isArray(value)) {
    const list = isSeq(old) ? old : new YAMLSeq();
    if (isMap(list.items[0]) && !list.items[0].commentBefore) {
      // The library gives the list what stands above its first item.
      list.items[0].commentBefore = list.commentBefore;
      list.commentBefore = undefined;
    }
    list.items = matchItems(list.items, value).map((item, index) => setNode(item, value[index], { fields }));
    if (value.length && !isSeq(old)) list.flow = false;
    return list;
  }
  if (typeof value === "object") {
    const map = isMap(old) ? old : new YAMLMap();
    setMap(map, value, fields);
    return map;
  }
  if (!isScalar(old)) return new Scalar(value);
  if (String(old.value).trim() !== value.trim()) {
    old.value = value;
    old.type = undefined;
    delete old.source;
    delete old.typed;
  }
  return old;
}

/** For each new item the old node that it was: of the same data, else the likest, else in its place; or undefined. */
function matchItems(nodes, values) {
  const spell = (value) => JSON.stringify(value, (_, inner) => (typeof inner === "string" ? inner.trim() : inner));
  const olds = nodes.map((node) => spell(node.toJSON?.() ?? node));
  const news = values.map(spell);
  const left = new Set(nodes.keys());
  const found = news.map((text) => {
    const at = [...left].find((index) => olds[index] === text);
    left.delete(at);
    return at;
  });
  const missing = [...found.keys()].filter((index) => found[index] === undefined);
  const pairs = missing.flatMap((to) => [...left].map((from) => ({ from, to, like: likeness(olds[from], news[to]) })));
  for (const { from, to, like } of pairs.sort((one, other) => other.like - one.like)) {
    if (found[to] === undefined && (like >= LIKE || from === to) && left.delete(from)) found[to] = from;
  }
  return found.map((at) => nodes[at]);
}

/** The share of two texts that they begin and end with alike. */
function likeness(one, other) {
  const length = Math.min(one.length, other.length);
  let begun = 0;
  while (begun < length && one[begun] === other[begun]) begun += 1;
  let ended = 0;
  while (begun + ended < length && one.at(-1 - ended) === other.at(-1 - ended)) ended += 1;
  return (begun + ended) / Math.max(one.length, other.length);
}
