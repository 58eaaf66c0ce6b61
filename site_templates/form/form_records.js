// Which records there are: those that the form began with, and those that were saved since.

/** A function that gives all records as a map: id to [id, name, kind, kind's name]. It throws words for the editor. */
export function followRecords({ CMS, collections, readJson }) {
  const titles = new Map(collections.filter(({ folder }) => folder).map(({ name, label }) => [name, label]));
  const saved = new Map();
  let loading;

  CMS.registerEventListener({
    name: "postSave",
    handler({ entry }) {
      const [id, kind] = [entry.get("slug"), entry.get("collection")];
      if (titles.has(kind)) saved.set(id, [id, entry.getIn(["data", "name"]), kind, titles.get(kind)]);
    },
  });

  return async () => {
    loading ??= readJson("records.json").catch((error) => {
      loading = undefined;
      throw new Error(`读不到已有的记录，稍后再试，或重新载入页面。(${error.message})`);
    });
    return new Map([...(await loading).map((record) => [record[0], record]), ...saved]);
  };
}
