import { INTERNET_HOSTS } from "../../../lab";

/**
 * Cases are written with the names and addresses of the oracle's meshes (tests/oracle/generate), so that both can be asked the same;
 * here they get those of the lab.
 */
const ADDRESSES: Record<string, string> = {
  "198.18.250.1": internet("github.com"), // that no object names
  "198.18.1.1": internet("www.example.org"),
  "198.18.1.2": internet("partner.example"),
  "198.18.1.0/24": `${internet("www.example.org")}/31`, // holds both
  "198.18.0.0/16": "198.19.0.0/24",
  "198.18.7.1": internet("google.com"),
  "198.18.7.2": internet("cnn.com"),
  "198.18.7.3": internet("www.cnn.com"),
  "198.18.7.4": internet("example.org"),
  "10.1.0.0/24": "198.18.0.0/24",
  "10.96.0.4": "198.18.130.4",
  "10.96.0.8": "198.18.130.8",
  "10.96.0.9": "198.18.130.9",
};

/** Placeholders of the pods' own addresses, by application. */
export const POD_PLACEHOLDERS: Record<string, string> = {
  a: "10.1.0.1",
  b: "10.1.0.2",
  c: "10.1.0.3",
  web: "10.1.0.4",
  gw: "10.1.0.8",
  gw2: "10.1.0.9",
};

function internet(name: string): string {
  return INTERNET_HOSTS.find((host) => host.name === name)?.address ?? "";
}

/** Every text of a value in the lab's names. `pods`: further addresses. Keys stay. */
export function inTheLab<T>(value: T, pods: Record<string, string> = {}): T {
  if (typeof value === "string") return translated(value, { ...ADDRESSES, ...pods }) as T;
  if (Array.isArray(value)) return value.map((item) => inTheLab(item, pods)) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inTheLab(item, pods)])) as T;
}

function translated(text: string, addresses: Record<string, string>): string {
  return text
    .replace(/\bcom$|\bcom(?=[:/])/i, "wildcard.example")
    .replace(/\bunknown\.org\b/, "evil.example")
    .replace(/\b\d+\.\d+\.\d+\.\d+(\/\d+)?/g, (found) => addresses[found] ?? found);
}

/** The address of the internet behind a name, by its innermost wildcard; of an address, itself. */
export function addressOf(name: string): string | undefined {
  if (/^[\d.]+$/.test(name)) return name;
  const covering = INTERNET_HOSTS.filter(({ name: known }) =>
    known.startsWith("*.") ? `.${name}`.endsWith(known.slice(1)) : known === name,
  );
  return covering.sort((x, y) => y.name.length - x.name.length)[0]?.address;
}
