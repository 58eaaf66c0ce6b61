// Before a record is saved: what the editor changed is put onto the file as it stands now, not over it. Drafts that the
// form restores, and entries opened before somebody else saved, begin with an older text than the file's. A new record
// is saved where no file is, under the id that was typed: ids last.
import { refuse } from "./form_yaml.js";

const FILES = "file-cache"; // where Sveltia keeps each file's text with the hash that it saves over

/** The handler of the form's event before a save; `findFormat` gives the format of a collection's file. */
export function makePreSave({ backend, findFormat }) {
  return async ({ entry }) => {
    const [path, data] = [entry.get("path"), entry.get("data").toJS()];
    const newest = await readFile(`${backend.name}:${backend.repo}`, path).catch((error) => {
      throw refuse(`读不到现在的文件，请重新载入页面。(${error.message})`);
    });
    const format = findFormat(entry.get("collection"), path);
    if (entry.get("newRecord")) {
      checkPlace({ slug: entry.get("slug"), id: data.id, path, newest });
      return entry.set("data", format.begin(data));
    }
    if (newest === undefined) throw refuse(`${path} 已被删除或改名。请重新载入页面。(no such file)`);
    return entry.set("data", format.rebase(data, newest));
  };
}

/** Throws words for the editor when a new record would have another id than the one typed, or stand over a file. */
function checkPlace({ slug, id, path, newest }) {
  if (id !== undefined && id !== slug) throw refuse(`编号写的是 ${id}，文件名却会是 ${slug}；换一个编号。(another id)`);
  if (newest !== undefined) throw refuse(`编号 ${slug} 已经有了（${path}），换一个。(the id is taken)`);
}

/** A file's text as Sveltia last fetched or saved it; undefined when there is no such file. */
async function readFile(name, path) {
  const database = await settle(indexedDB.open(name));
  try {
    return (await settle(database.transaction(FILES).objectStore(FILES).get(path)))?.text;
  } finally {
    database.close();
  }
}

function settle(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
