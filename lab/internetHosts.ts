import { INTERNET_DNS } from "./addresses";

/**
 * The names of the lab's internet: one address a name. To add one, add a line. A name that starts with `*.` stands for
 * every name below it; the innermost wins, and it covers its own apex.
 */
const NAMES = [
  "github.com",
  "www.github.com",
  "api.github.com",
  "httpbin.org",
  "www.httpbin.org",
  "google.com",
  "www.google.com",
  "cnn.com",
  "www.cnn.com",
  "example.org",
  "www.example.org",
  "partner.example",
  "www.partner.example",
  "evil.example",
  "*.wildcard.example",
  // Addresses of their own, so that the log tells which of a wildcard's names was meant.
  "*.x.wildcard.example",
  "*.www.x.wildcard.example",
  "*.y.wildcard.example",
] as const;

const FIRST = 10;

export interface InternetHost {
  name: string;
  address: string;
}

/** Addresses follow the order of the list: 198.19.0.10 and on. */
export const INTERNET_HOSTS: readonly InternetHost[] = NAMES.map((name, index) => ({
  name,
  address: INTERNET_DNS.replace(/\d+$/, String(FIRST + index)),
}));

/** The name at an address of the lab's internet. */
export function hostAt(address: string): string | undefined {
  return INTERNET_HOSTS.find((host) => host.address === address)?.name;
}
