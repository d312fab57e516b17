import { z } from "zod";
import type { Application, Destination, EgressConfig } from "./config";
import { suggest } from "./nearest";
import { join, type Problem } from "./problem";
import {
  applicationSchema,
  configSchema,
  gatewaySchema,
  guardsSchema,
  istioSchema,
  portSchema,
  termsSchema,
} from "./schema";

/** Faults of shape: wrong types, missing and misspelt keys, empty lists. */
export function structureProblems(raw: unknown): Problem[] {
  const parsed = configSchema.safeParse(raw);
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue, raw));
}

/**
 * What can be read of a configuration that may have faults of shape, so that the other checks run on all the rest:
 * malformed members are left out, malformed destinations keep their name.
 */
export function readable(raw: unknown): EgressConfig {
  const config = isRecord(raw) ? raw : {};
  return {
    istio: istioSchema.safeParse(config.istio).data,
    gatewayNamespace: asString(config.gatewayNamespace),
    routesNamespace: asString(config.routesNamespace),
    existingNamespaces: strings(config.existingNamespaces),
    meshHosts: strings(config.meshHosts),
    gateways: readableMap(config.gateways, (value) => gatewaySchema.safeParse(value).data ?? {}),
    gatewayDefaults: gatewaySchema.safeParse(config.gatewayDefaults).data,
    guards: guardsSchema.safeParse(config.guards).data,
    destinations: readableMap(config.destinations, readableDestination),
    applications: (Array.isArray(config.applications) ? config.applications : []).map(readableApplication),
  };
}

/** A malformed application keeps its place in the list, so that paths stay right; its empty name marks it. */
function readableApplication(value: unknown): Application {
  const record = isRecord(value) ? value : {};
  return {
    namespace: asString(record.namespace) ?? "",
    name: asString(record.name) ?? "",
    selector: applicationSchema.shape.selector.safeParse(record.selector).data,
    serviceAccount: asString(record.serviceAccount),
    createServiceAccount: record.createServiceAccount === true,
    allow: strings(record.allow),
    terms: readableMap(record.terms, (terms) => termsSchema.safeParse(terms).data ?? {}),
  };
}

function readableDestination(value: unknown): Destination {
  const record = isRecord(value) ? value : {};
  const ports = Array.isArray(record.ports) ? record.ports : undefined;
  return {
    hosts: strings(record.hosts),
    ports: ports?.flatMap((port) => portSchema.safeParse(port).data ?? []),
    gateway: asString(record.gateway),
    onlyFor: record.onlyFor === undefined ? undefined : strings(record.onlyFor),
    cidrs: record.cidrs === undefined ? undefined : strings(record.cidrs),
    addresses: readableMap(record.addresses, strings),
    checkInnerSni: record.checkInnerSni === true,
    wildcardTls: record.wildcardTls === true,
    sendTracingHeaders: record.sendTracingHeaders === true,
  };
}

/** A map with each of its values made readable; keys are kept, so that paths stay right. */
function readableMap<T>(value: unknown, read: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(isRecord(value) ? value : {}).map(([key, each]) => [key, read(each)]));
}

function problemsOf(issue: z.core.$ZodIssue, raw: unknown): Problem[] {
  const path = join(...issue.path) || "config";
  const value = valueAt(raw, issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: join(...issue.path, key),
        value: isRecord(value) ? value[key] : undefined,
        message: "this key is not known",
        fix: suggest(key, keysAt(issue.path), "Remove it"),
      }));
    case "invalid_type":
      return value === undefined
        ? [{ path, message: "is missing", fix: `Give it ${article(issue.expected)}` }]
        : [
            {
              path,
              value,
              message: `must be ${article(issue.expected)}`,
              fix: `Write ${article(issue.expected)} here`,
            },
          ];
    case "invalid_value":
      return [
        {
          path,
          value,
          message: "is not a known value",
          fix: suggest(String(value), issue.values.map(String), "remove it"),
        },
      ];
    case "too_small":
      return [{ path, value, message: "is empty", fix: emptyFix(issue.path) }];
    default:
      return [
        { path, value, message: issue.message.toLowerCase(), fix: "See the configuration reference in the README" },
      ];
  }
}

function emptyFix(path: readonly PropertyKey[]): string {
  switch (path.at(-1)) {
    case "allow":
      return "Name at least one destination, or remove the application: what is not listed is denied anyway";
    case "hosts":
      return "Name at least one host, or remove the destination";
    default:
      return "Name at least one, or remove the key";
  }
}

function article(type: string): string {
  const name = { array: "list", record: "map", object: "map" }[type] ?? type;
  return `a ${name}`;
}

/** The keys that the schema knows at a path, for suggestions. */
function keysAt(path: readonly PropertyKey[]): string[] {
  const schema = path.reduce<z.ZodType | undefined>(step, configSchema);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** From a schema to that of a member: fields by name, members of maps and lists by any key. */
function step(schema: z.ZodType | undefined, key: PropertyKey): z.ZodType | undefined {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  const next = memberOf(inner as z.ZodType | undefined, key);
  return next instanceof z.ZodOptional ? (next.unwrap() as z.ZodType) : next;
}

function memberOf(schema: z.ZodType | undefined, key: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)];
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  return undefined;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    raw,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
