import { z } from "zod";
import {
  AdmissionMode,
  type AllowanceTerms,
  type Application,
  type Destination,
  type EgressConfig,
  type GatewayOptions,
  type Guards,
  type Istio,
  type Port,
  PortProtocol,
  type TlsOrigination,
} from "./config";

/**
 * The shape of the configuration: types, required and unknown keys. What concerns values and their relations is in
 * `checks/`. Each schema is held to its hand-written interface by `exact` below.
 */
const strings = z.array(z.string());
const names = z.record(z.string(), z.string());

export const originateTlsSchema = z.strictObject({
  port: z.number().optional(),
  secret: z.string().optional(),
  mutual: z.boolean().optional(),
  sni: z.string().optional(),
  subjectAltNames: strings.min(1).optional(),
  http2: z.boolean().optional(),
});

export const portSchema = z.strictObject({
  number: z.number(),
  protocol: z.enum(PortProtocol).optional(),
  originateTls: originateTlsSchema.optional(),
});

export const destinationSchema = z.strictObject({
  hosts: strings.min(1).optional(),
  cidrs: strings.min(1).optional(),
  addresses: z.record(z.string(), strings.min(1)).optional(),
  ports: z.array(portSchema).min(1).optional(),
  gateway: z.string().optional(),
  onlyFor: strings.min(1).optional(),
  checkInnerSni: z.boolean().optional(),
  wildcardTls: z.boolean().optional(),
  sendTracingHeaders: z.boolean().optional(),
});

export const termsSchema = z.strictObject({
  methods: strings.min(1).optional(),
  paths: strings.min(1).optional(),
  owner: z.string().optional(),
  reason: z.string().optional(),
  ticket: z.string().optional(),
  expires: z.string().optional(),
});

export const applicationSchema = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  selector: names.optional(),
  serviceAccount: z.string().optional(),
  createServiceAccount: z.boolean().optional(),
  allow: strings.min(1),
  terms: z.record(z.string(), termsSchema).optional(),
});

const quantities = z.strictObject({ cpu: z.string().optional(), memory: z.string().optional() });

export const gatewaySchema = z.strictObject({
  replicas: z.number().optional(),
  autoscaling: z
    .strictObject({
      minReplicas: z.number().optional(),
      maxReplicas: z.number(),
      targetCpuPercent: z.number().optional(),
    })
    .optional(),
  minAvailable: z.number().optional(),
  spread: z.boolean().optional(),
  resources: z.strictObject({ requests: quantities.optional(), limits: quantities.optional() }).optional(),
  nodeSelector: names.optional(),
  tolerations: z
    .array(
      z.strictObject({
        key: z.string().optional(),
        operator: z.string().optional(),
        value: z.string().optional(),
        effect: z.string().optional(),
      }),
    )
    .optional(),
  serviceAnnotations: names.optional(),
  clusterIp: z.string().optional(),
  drainSeconds: z.number().optional(),
  egressRanges: strings.min(1).optional(),
});

export const guardsSchema = z.strictObject({
  authorization: z.boolean().optional(),
  strictMutualTls: z.boolean().optional(),
  networkPolicy: z.boolean().optional(),
  admission: z.enum(AdmissionMode).optional(),
  clusterDns: z.boolean().optional(),
  clusterRanges: strings.optional(),
  dns: z.strictObject({ namespace: z.string().optional(), labels: names.optional() }).optional(),
  monitoringNamespaces: strings.optional(),
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
  dnsCapture: z.boolean().optional(),
  discoveryIp: z.string().optional(),
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
  gateways: z.record(z.string(), gatewaySchema).optional(),
  gatewayDefaults: gatewaySchema.optional(),
  guards: guardsSchema.optional(),
  meshHosts: z.array(z.string()).optional(),
});

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Flat<T> = { [K in keyof T]: T[K] };
function exact<_Proof extends true>(): void {}
exact<Same<keyof z.infer<typeof portSchema>, keyof Port>>();
exact<Same<Flat<z.infer<typeof originateTlsSchema>>, Flat<TlsOrigination>>>();
exact<Same<Flat<z.infer<typeof termsSchema>>, Flat<AllowanceTerms>>>();
exact<Same<keyof z.infer<typeof gatewaySchema>, keyof GatewayOptions>>();
exact<Same<keyof z.infer<typeof guardsSchema>, keyof Guards>>();
exact<Same<keyof z.infer<typeof destinationSchema>, keyof Destination>>();
exact<Same<keyof z.infer<typeof applicationSchema>, keyof Application>>();
exact<Same<keyof z.infer<typeof istioSchema>, keyof Istio>>();
exact<Same<keyof z.infer<typeof configSchema>, keyof EgressConfig>>();
