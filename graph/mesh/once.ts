/** What is worked out from an object that never changes, once for each object. An error is not kept: it comes again. */
export function once<K extends object, T>(work: (of: K) => T): (of: K) => T {
  const known = new WeakMap<K, T>();
  return (of) => {
    if (known.has(of)) return known.get(of) as T;
    const result = work(of);
    known.set(of, result);
    return result;
  };
}
