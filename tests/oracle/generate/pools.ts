import fc from "fast-check";

/** Small pools, so that objects of one mesh often meet. */
export const APPS = ["app", "app2"] as const;
export const NAMESPACES = ["app", "app2", "egress", "other", "istio-system"] as const;
export const GATEWAY_HOST = "gw.egress.svc.cluster.local";
export const GATEWAY2_HOST = "gw2.other.svc.cluster.local";
export const WEB_HOST = "web.app2.svc.cluster.local";
export const EXTERNAL = ["x.com", "www.x.com", "y.com"] as const;
export const WILD = ["*.x.com", "*.com"] as const;

export const namespaces = fc.constantFrom(...NAMESPACES);
/** Mostly the two namespaces where egress objects belong. */
export const likely = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("app", "egress") },
  { weight: 1, arbitrary: namespaces },
);
export const externalHost = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...EXTERNAL) },
  { weight: 1, arbitrary: fc.constantFrom(...WILD) },
);
export const gatewayHost = fc.oneof(
  { weight: 6, arbitrary: fc.constant(GATEWAY_HOST) },
  { weight: 1, arbitrary: fc.constant(GATEWAY2_HOST) },
);

/** Minutes after midnight: five ages, so that equal ones are common. */
export const age = fc.integer({ min: 0, max: 4 });
export const timestamp = (minutes: number): string => `2026-02-01T00:0${minutes}:00Z`;

/** The value once for `absent` times nothing. */
export function rarely<T>(arbitrary: fc.Arbitrary<T>, absent = 2): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: absent, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** Nothing once for `present` times the value. */
export function often<T>(arbitrary: fc.Arbitrary<T>, present = 2): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight: present, arbitrary });
}

export function oftenIn<T>(often: T, ...rarely: T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(often) }, { weight: 1, arbitrary: fc.constantFrom(...rarely) });
}

export const exportTo = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<string[]>(
      ["*"],
      ["."],
      ["app"],
      ["egress"],
      [".", "app"],
      [".", "egress"],
      ["app", "app2"],
      ["other"],
    ),
  },
);

/** Drops undefined fields, so that manifests read as written by hand. */
export function compact<T>(value: T): T {
  if (Array.isArray(value)) return value.map(compact) as T;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return Object.fromEntries(entries.map(([k, v]) => [k, compact(v)])) as T;
}
