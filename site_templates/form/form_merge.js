// Makes one record of three: what an editor began with, what the editor made of it, and the file as it stands.

/**
 * The values with the changes of both sides, and the labels of the fields that both changed, each otherwise. Groups of
 * fields are merged field by field; lists, texts and points are one thing each.
 */
export function mergeRecords(base, own, newest, fields) {
  const merged = {};
  const conflicts = [];
  for (const name of new Set([...Object.keys(newest), ...Object.keys(own)])) {
    const field = fields.find((known) => known.name === name) ?? { label: name };
    const [before, mine, theirs] = [base, own, newest].map((values) => values[name]);
    if (isSame(mine, before)) merged[name] = theirs;
    else if (isSame(theirs, before) || isSame(mine, theirs)) merged[name] = mine;
    else if (field.widget === "object" && isGroup(mine) && isGroup(theirs)) {
      const inner = mergeRecords(isGroup(before) ? before : {}, mine, theirs, field.fields);
      merged[name] = inner.merged;
      conflicts.push(...inner.conflicts.map((label) => `${field.label} › ${label}`));
    } else conflicts.push(field.label);
  }
  return { merged, conflicts };
}

function isGroup(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isSame(one, other) {
  if (one === other) return true;
  if (!one || !other || typeof one !== "object" || typeof other !== "object") return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  return Object.keys({ ...one, ...other }).every((name) => isSame(one[name], other[name]));
}
