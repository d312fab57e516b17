import type { PolicyConfigSchema } from "@pulumi/policy";
import { RULES_CONFIG_SCHEMA } from "../graph/rules/rulesConfig";

const { properties } = RULES_CONFIG_SCHEMA;

/** Configuration of the policy `egress-graph`. The engine adds its own keys, such as `enforcementLevel`. */
export const configSchema = { properties } as unknown as PolicyConfigSchema;
