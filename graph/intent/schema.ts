import { z } from "zod";
import { type Application, type Destination, type EgressConfig, type Istio, type Port, PortProtocol } from "./config";

/**
 * The shape of the configuration: types, required and unknown keys. What concerns values and their relations is in
 * `checks/`. Each schema is held to its hand-written interface by `exact` below.
 */
export const portSchema = z.strictObject({
  number: z.number(),
  protocol: z.enum(PortProtocol).optional(),
});

export const destinationSchema = z.strictObject({
  hosts: z.array(z.string()).min(1),
  ports: z.array(portSchema).min(1).optional(),
  gateway: z.string().optional(),
  onlyFor: z.array(z.string()).min(1).optional(),
});

export const applicationSchema = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  selector: z.record(z.string(), z.string()).optional(),
  serviceAccount: z.string().optional(),
  createServiceAccount: z.boolean().optional(),
  allow: z.array(z.string()).min(1),
});

const chartValues = z.record(z.string(), z.any());

export const istioSchema = z.strictObject({
  install: z.boolean().optional(),
  repository: z.string().optional(),
  version: z.string().optional(),
  namespace: z.string().optional(),
  revision: z.string().optional(),
  trustDomain: z.string().optional(),
  clusterDomain: z.string().optional(),
  charts: z
    .strictObject({ base: z.string().optional(), istiod: z.string().optional(), gateway: z.string().optional() })
    .optional(),
  values: z
    .strictObject({
      base: chartValues.optional(),
      istiod: chartValues.optional(),
      gateway: chartValues.optional(),
    })
    .optional(),
});

export const configSchema = z.strictObject({
  istio: istioSchema.optional(),
  gatewayNamespace: z.string().optional(),
  routesNamespace: z.string().optional(),
  existingNamespaces: z.array(z.string()).optional(),
  destinations: z.record(z.string(), destinationSchema),
  applications: z.array(applicationSchema),
  meshHosts: z.array(z.string()).optional(),
});

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Flat<T> = { [K in keyof T]: T[K] };
function exact<_Proof extends true>(): void {}
exact<Same<Flat<z.infer<typeof portSchema>>, Flat<Port>>>();
exact<Same<keyof z.infer<typeof destinationSchema>, keyof Destination>>();
exact<Same<keyof z.infer<typeof applicationSchema>, keyof Application>>();
exact<Same<keyof z.infer<typeof istioSchema>, keyof Istio>>();
exact<Same<keyof z.infer<typeof configSchema>, keyof EgressConfig>>();
