// Starts the form: reads its one configuration, registers our file formats and fields, then Sveltia CMS.
import { makeIdControl } from "./form_id.js";
import { makeLocationControl } from "./form_location.js";
import { followRecords } from "./form_records.js";
import { makeReferenceControl } from "./form_references.js";
import { makePreSave } from "./form_saving.js";
import { makeFormat } from "./form_yaml.js";

const USER = "sveltia-cms.user";
const PREFERENCES = "sveltia-cms.prefs";

async function readJson(name) {
  const response = await fetch(name, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.json();
}

/** The fields of each file format: those of its collection, or of its one file. */
function* iterFormats({ collections }) {
  for (const { format, fields, files = [] } of collections) {
    if (format) yield [format, fields];
    for (const file of files) yield [file.format, file.fields];
  }
}

/** The format without the id, which names the file and is not written in it. */
function withoutId({ fromFile, toFile, begin, rebase }) {
  return {
    fromFile,
    toFile: ({ id: _, ...values }) => toFile(values),
    begin: ({ id: _, ...values }) => begin(values),
    rebase: ({ id: _, ...values }, newest) => rebase(values, newest),
  };
}

/** The name of the format of a collection's file. */
function findFormatName({ collections }, collection, path) {
  const { format, files } = collections.find(({ name }) => name === collection);
  return format ?? files.find(({ file }) => file === path).format;
}

/** On one's own machine there is nobody to sign in: the local address is the repository. */
function useLocalRepository(config) {
  const { origin } = location;
  Object.assign(config.backend, { base_url: origin, api_root: `${origin}/api/v1` });
  localStorage.setItem(USER, JSON.stringify({ backendName: config.backend.name, token: "local" }));
}

/** Sveltia reads these when it is loaded: Chinese, and a saved record stays open. What the editor chose counts more. */
function setPreferences() {
  const preferences = JSON.parse(localStorage.getItem(PREFERENCES) ?? "{}");
  localStorage.setItem(PREFERENCES, JSON.stringify({ locale: "zh-CN", closeOnSave: false, ...preferences }));
}

async function start() {
  setPreferences();
  const [{ default: CMS }, { config, formats, frame, local }] = await Promise.all([import("./cms/npm/index.js"), readJson("form.json")]);
  if (local) useLocalRepository(config);
  const made = new Map();
  for (const [name, fields] of iterFormats(config)) {
    made.set(name, withoutId(makeFormat(fields, formats[name])));
    CMS.registerCustomFormat(name, "yml", made.get(name));
  }
  const findFormat = (collection, path) => made.get(findFormatName(config, collection, path));
  CMS.registerEventListener({ name: "preSave", handler: makePreSave({ backend: config.backend, findFormat }) });
  const { h, createClass } = window;
  const readRecords = followRecords({ CMS, collections: config.collections, readJson });
  CMS.registerFieldType("belts-id", makeIdControl({ CMS, h, createClass, readRecords }));
  CMS.registerFieldType("belts-location", makeLocationControl({ h, createClass, frame, local }));
  CMS.registerFieldType("belts-reference", makeReferenceControl({ CMS, h, createClass, readRecords }));
  await CMS.init({ config });
}

start();
