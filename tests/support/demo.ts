import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import type { EgressConfig } from "../../graph";

export const ROOT = join(__dirname, "../..");

/** The demo's configuration, as `Pulumi.dev.yaml` gives it, without the keys that concern the workloads only. */
export function demoConfig(): EgressConfig {
  const { config } = load(readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8")) as { config: Record<string, unknown> };
  const entries = Object.entries(config).map(([key, value]) => [key.replace("controlled-egress:", ""), value] as const);
  return Object.fromEntries(entries.filter(([key]) => !key.startsWith("demo"))) as unknown as EgressConfig;
}
