// Asking once for what several fields need.

/** A function that gives what `get` promises, asked for once unless it fails. */
export function once(get) {
  let promised;
  return () => {
    promised ??= get().catch((error) => {
      promised = undefined;
      throw error;
    });
    return promised;
  };
}
