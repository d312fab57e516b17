import { AdmissionMode } from "../intent/config";
import type { Intent } from "../intent/intent";
import type { Manifest } from "../manifest";
import { LABELS } from "./meta";
import { POD_RULES, podVariables, type Variable } from "./podRules";

/*
 * ValidatingAdmissionPolicies (Kubernetes docs): they judge pods as they are after Istio's injector, so that the
 * injected containers are seen, and whatever has kept them away too.
 */

const API = "admissionregistration.k8s.io/v1";

interface Validation {
  expression: string;
  message?: string;
  messageExpression?: string;
}

/** What the policies of every configuration have in common, by which they are known again. */
export interface AdmissionSpec {
  failurePolicy: "Fail";
  matchConstraints: typeof PODS;
  matchConditions?: { name: string; expression: string }[];
  variables?: Variable[];
  validations: Validation[];
}

/**
 * What the API server would fill in, written out: it takes both for one value, and one that differs from what stands
 * there is an apply conflict for a second `up`, when the first was killed before it had noted the object.
 */
const ALL_OBJECTS = { matchPolicy: "Equivalent", objectSelector: {} };

const PODS = {
  ...ALL_OBJECTS,
  namespaceSelector: {},
  resourceRules: [
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      operations: ["CREATE", "UPDATE"],
      resources: ["pods", "pods/ephemeralcontainers"],
      scope: "*",
    },
  ],
};

/** Policies and bindings: one pair for the application namespaces, one for the routes'. */
export function admissionGuards(intent: Intent): { applications: Manifest[]; routes: Manifest[] } {
  const { admission } = intent.guards;
  if (admission === AdmissionMode.Off) return { applications: [], routes: [] };
  const pods = `controlled-egress-${intent.gatewayNamespace}-pods`;
  const none = `controlled-egress-${intent.routesNamespace}-no-pods`;
  return {
    applications:
      intent.applicationNamespaces.length === 0
        ? []
        : [policy(pods, podGuard(podVariables(intent))), binding(pods, intent.applicationNamespaces, admission)],
    routes: [policy(none, NO_PODS), binding(none, [intent.routesNamespace], admission)],
  };
}

/**
 * No pod may leave its sidecar's capture. Updates are judged by what they change, so that pods from before the policy can
 * still be labelled, and pods that are going can always go.
 */
export function podGuard(variables: Variable[]): AdmissionSpec {
  return {
    failurePolicy: "Fail",
    matchConstraints: PODS,
    matchConditions: [{ name: "stays", expression: "!has(object.metadata.deletionTimestamp)" }],
    variables: [...variables, ...POD_RULES.map(({ name, offenders }) => ({ name, expression: offenders }))],
    validations: POD_RULES.map(({ name, message }) => ({
      expression: `size(variables.${name}) == 0`,
      messageExpression: `variables.${name}.join(", ") + ": ${message}"`,
    })),
  };
}

const NO_PODS: AdmissionSpec = {
  failurePolicy: "Fail",
  matchConstraints: PODS,
  matchConditions: [{ name: "stays", expression: "!has(object.metadata.deletionTimestamp)" }],
  validations: [
    {
      expression: "false",
      message: "no pod may run where the routes of controlled egress stand. Put it into another namespace",
    },
  ],
};

function policy(name: string, spec: AdmissionSpec): Manifest {
  return { apiVersion: API, kind: "ValidatingAdmissionPolicy", metadata: clusterMeta(name), spec };
}

const ACTIONS = {
  [AdmissionMode.Enforce]: "Deny",
  [AdmissionMode.Warn]: "Warn",
  [AdmissionMode.Audit]: "Audit",
} as const;

function binding(policyName: string, namespaces: string[], mode: Exclude<AdmissionMode, AdmissionMode.Off>): Manifest {
  return {
    apiVersion: API,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: clusterMeta(policyName),
    spec: {
      policyName,
      validationActions: [ACTIONS[mode]],
      matchResources: {
        ...ALL_OBJECTS,
        namespaceSelector: {
          matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: namespaces }],
        },
      },
    },
  };
}

function clusterMeta(name: string): Manifest["metadata"] {
  return { name, labels: { [LABELS.managedBy]: "controlled-egress" } };
}
