import { parse } from "tldts";

/**
 * Whether a wildcard stands for every name that anybody may register: `*`, `*.com`, `*.co.uk` (Public Suffix List, the
 * part of the registries). Names that are on no public list, as inside a company, are the user's own to judge.
 */
export function isPublicSuffix(wildcard: string): boolean {
  const suffix = wildcard.replace(/^\*\.?/, "");
  if (suffix === "") return true;
  const { publicSuffix, isIcann } = parse(suffix);
  return publicSuffix === suffix && isIcann === true;
}
