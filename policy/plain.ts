import { UNKNOWN } from "../graph/mesh/unknown";

/**
 * A copy of a resource's props in which every value that is not known yet is `UNKNOWN`. The only place that touches
 * the analyzer's proxies: reading an unknown value there throws `UnknownValueError`, and one that escapes turns a
 * mandatory policy into an advisory line.
 */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, i) => read(() => value[i]));
  if (value === null || typeof value !== "object") return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = read(() => (value as Record<string, unknown>)[key]);
  return copy;
}

/** One prop, copied. */
export function plainKey(props: object, key: string): unknown {
  return read(() => (props as Record<string, unknown>)[key]);
}

function read(get: () => unknown): unknown {
  let value: unknown;
  try {
    value = get();
  } catch (error) {
    if (isUnknownValue(error)) return UNKNOWN;
    throw error;
  }
  return plain(value);
}

/** By its mark and not by its class: a project may hold two copies of @pulumi/policy. */
function isUnknownValue(error: unknown): boolean {
  return error instanceof Error && "unknownTypeSentinel" in error;
}
