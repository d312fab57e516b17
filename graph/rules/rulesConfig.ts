import { NOTICE_DAYS } from "../expiry";
import type { MeshOptions } from "../mesh/sourced";
import { CATALOGUE, RULE_CODES } from "./catalogue";
import { DEFAULT_PREFIX, type RuleOptions } from "./options";

/** What the policy pack and `controlled-egress check` are configured with: everything optional. */
export interface RulesConfig extends RuleOptions {
  /**
   * Folders or files of manifests that others own, such as the platform's gateways; relative to the pack's folder, or
   * to the configuration's own file. They complete the picture and are not judged.
   */
  manifests?: string[];
  /** What neither the stack nor the folders say about the mesh. */
  mesh?: Omit<MeshOptions, "parseYaml">;
}

const EXEMPTIONS = {
  type: "array",
  description: "Objects that are not judged for a while; each is still reported, as advice.",
  items: {
    type: "object",
    additionalProperties: false,
    required: ["object", "reason", "expires"],
    properties: {
      object: { type: "string", description: "namespace/name, or Kind namespace/name" },
      reason: { type: "string", minLength: 1, description: "Why, and who decided it" },
      expires: { type: "string", description: "The last day on which it holds, YYYY-MM-DD, in UTC" },
    },
  },
} as const;

const rules = Object.fromEntries(
  RULE_CODES.map((code) => [
    code,
    {
      type: "object" as const,
      description: `${CATALOGUE[code].sentence} Default level: ${CATALOGUE[code].level}.`,
      additionalProperties: false,
      properties: { enforcementLevel: { enum: ["mandatory", "advisory", "disabled"] }, exemptions: EXEMPTIONS },
    },
  ]),
);

/** The same as JSON Schema: the policy engine and the command line check by it. */
export const RULES_CONFIG_SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    rules: {
      type: "object",
      description: "Level and exemptions by rule.",
      additionalProperties: false,
      properties: rules,
    },
    exemptions: EXEMPTIONS,
    manifests: {
      type: "array",
      items: { type: "string" },
      description: "Folders or files of manifests that other stacks own, relative to the pack's folder. Not judged.",
    },
    unknowns: {
      enum: ["fail", "advise"],
      description: "What a value that is not known before the update does to a rule that needs it. Default: fail.",
    },
    widestPrefix: {
      type: "object",
      description: "The widest range of addresses in a ServiceEntry, as prefix length.",
      additionalProperties: false,
      properties: {
        ipv4: { type: "integer", minimum: 0, maximum: 32, description: `Default: ${DEFAULT_PREFIX.ipv4}.` },
        ipv6: { type: "integer", minimum: 0, maximum: 128, description: `Default: ${DEFAULT_PREFIX.ipv6}.` },
      },
    },
    otherNamespaces: {
      type: "boolean",
      description: "Whether namespaces that no object names may hold callers. Default: true.",
    },
    noticeDays: {
      type: "integer",
      minimum: 0,
      description: `Days before an allowance's last one from which on it is announced. Default: ${NOTICE_DAYS}.`,
    },
    mesh: {
      type: "object",
      description: "What neither the stack nor the folders say about the mesh.",
      additionalProperties: false,
      properties: {
        meshConfig: { type: "object", description: "Parts of Istio's MeshConfig, as in the ConfigMap istio." },
        clusterDomain: { type: "string", description: "Default: cluster.local." },
        trustDomain: { type: "string", description: "Default: cluster.local." },
        rootNamespace: { type: "string", description: "Default: istio-system." },
        revision: { type: "string", description: "Default: default." },
      },
    },
  },
};
