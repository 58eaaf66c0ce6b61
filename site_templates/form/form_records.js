// Which records there are: those that the form began with, and those that were saved since.
import { once } from "./once.js";

/** A function that gives all records as a map: id to [id, name, kind, kind's name]. It throws words for the editor. */
export function followRecords({ CMS, collections, readJson }) {
  const titles = new Map(collections.filter(({ folder }) => folder).map(({ name, label }) => [name, label]));
  const saved = new Map();
  const readFirst = once(() =>
    readJson("records.json").catch((error) => {
      throw new Error(`读不到已有的记录，稍后再试，或重新载入页面。(${error.message})`);
    }),
  );

  CMS.registerEventListener({
    name: "postSave",
    handler({ entry }) {
      const [id, kind] = [entry.get("slug"), entry.get("collection")];
      if (titles.has(kind)) saved.set(id, [id, entry.getIn(["data", "name"]), kind, titles.get(kind)]);
    },
  });

  return async () => new Map([...(await readFirst()).map((record) => [record[0], record]), ...saved]);
}
