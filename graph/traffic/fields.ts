/** Values of a line of log. Whatever stands there, reading it never fails. */

/** A field's text; Envoy writes what is not there as null or "-". */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value !== "-" ? value : undefined;
}

/** The address of "address:port", without the brackets of IPv6. */
export function addressOf(value: unknown): string | undefined {
  const colon = typeof value === "string" ? value.lastIndexOf(":") : -1;
  if (colon < 1) return undefined;
  return (value as string).slice(0, colon).replace(/^\[|\]$/g, "");
}

/** The port of "address:port". */
export function portOf(value: unknown): number | undefined {
  const port = typeof value === "string" ? Number(value.slice(value.lastIndexOf(":") + 1)) : Number.NaN;
  return Number.isInteger(port) && port > 0 ? port : undefined;
}

/** What whoever called chose himself, as a terminal may show it: without characters that command it or hide others. */
export function printable(value: string): string {
  return HIDDEN.test(value) ? value.replace(HIDDEN_ALL, "?") : value;
}

const HIDDEN = /[\p{C}\p{Z}]/u;
const HIDDEN_ALL = /[\p{C}\p{Z}]/gu;
