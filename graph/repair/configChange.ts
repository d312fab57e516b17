import type { EgressConfig } from "../intent/config";

/** One change of a stack's configuration: the value to set at a path. A list's own length as index adds to it. */
export interface ConfigChange {
  /** E.g. `["applications", 0, "allow", 2]`. */
  path: readonly (string | number)[];
  value: unknown;
}

/** The configuration with the changes made; what they do not touch is shared with the old one. */
export function withChanges(config: EgressConfig, changes: readonly ConfigChange[]): EgressConfig {
  return changes.reduce<unknown>((whole, { path, value }) => set(whole, path, value), config) as EgressConfig;
}

function set(whole: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof key === "number") {
    const list = Array.isArray(whole) ? [...whole] : [];
    list[key] = set(list[key], rest, value);
    return list;
  }
  const map = (whole ?? {}) as Record<string, unknown>;
  return { ...map, [key]: set(map[key], rest, value) };
}
