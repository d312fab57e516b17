import type { ApplicationIntent } from "./intent";

/** What of an allowance the gateway lets through; undefined stands for no limit. Lists are sorted, each item once. */
export interface Limits {
  methods: string[] | undefined;
  paths: string[] | undefined;
}

/** The limits of an application's allowance for a destination. */
export function limitsOf({ terms }: Pick<ApplicationIntent, "terms">, destination: string): Limits {
  const { methods, paths } = (Object.hasOwn(terms, destination) ? terms[destination] : undefined) ?? {};
  return { methods: sorted(methods), paths: sorted(paths) };
}

/** Whether an allowance has any limit. */
export function isLimited({ methods, paths }: Limits): boolean {
  return methods !== undefined || paths !== undefined;
}

function sorted(values: readonly string[] | undefined): string[] | undefined {
  return values && [...new Set(values)].sort();
}
