// Which records there are.

/** A function that gives all records as a map: id to [id, name, kind, kind's name]. */
export function followRecords({ readJson }) {
  let loading;

  return async () => {
    loading ??= readJson("records.json");
    return new Map((await loading).map((record) => [record[0], record]));
  };
}
