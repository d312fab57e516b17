/** Kubernetes' and DNS' rules of names (Kubernetes docs, "Object Names and IDs"; RFC 1123). */

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** What is wrong with a DNS label of at most `limit` characters, or undefined. */
export function labelFault(name: string, limit = 63): string | undefined {
  if (name.length > limit) return `is ${name.length} characters long, over the limit of ${limit}`;
  if (!LABEL.test(name)) return "is no DNS label (lower-case letters, digits and inner hyphens)";
  return undefined;
}

/** What is wrong with a label key of a selector, or undefined. */
export function labelKeyFault(key: string): string | undefined {
  const [prefix, name] = key.includes("/")
    ? [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)]
    : ["", key];
  if (prefix !== "" && (prefix.length > 253 || !prefix.split(".").every((part) => labelFault(part) === undefined)))
    return "has a prefix that is no DNS name";
  if (name === "" || name.length > 63 || !LABEL_VALUE.test(name)) return "is no Kubernetes label key";
  return undefined;
}

/** What is wrong with a label value of a selector, or undefined. */
export function labelValueFault(value: string): string | undefined {
  return value.length <= 63 && LABEL_VALUE.test(value)
    ? undefined
    : "is no Kubernetes label value (63 characters at most)";
}
