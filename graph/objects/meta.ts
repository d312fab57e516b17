import { createHash } from "node:crypto";
import type { ObjectMeta } from "../manifest";

/** Labels by which map, drift and audit find the config line behind an object. */
export const LABELS = {
  managedBy: "app.kubernetes.io/managed-by",
  destination: "controlled-egress/destination",
  application: "controlled-egress/application",
  gateway: "controlled-egress/gateway",
} as const;

export type Served = Partial<Record<"destination" | "application" | "gateway", string>>;

/** Metadata of an object of ours: name, namespace, and labels that say what in the configuration it serves. */
export function meta(namespace: string, name: string, served: Served = {}): ObjectMeta & { namespace: string } {
  const labels: Record<string, string> = { [LABELS.managedBy]: "controlled-egress" };
  for (const key of ["destination", "application", "gateway"] as const) {
    const value = served[key];
    if (value !== undefined) labels[LABELS[key]] = value;
  }
  return { name, namespace, labels };
}

const NAME_LIMIT = 63;

/** The name of a host's objects: the host, or, beyond 63 characters, its start and a hash of the whole. */
export function hostName(host: string): string {
  const name = exactName(host);
  if (name.length <= NAME_LIMIT) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, NAME_LIMIT - 9).replace(/[-.]+$/, "")}-${hash}`;
}

/**
 * One name that stands for all under a wildcard, `any.example.org`, where a wildcard cannot stand: in an SNI, in the
 * name of an object. No other host can have it, as exact hosts under a wildcard are refused.
 */
export function exactName(host: string): string {
  return host.replace(/^\*/, "any");
}
