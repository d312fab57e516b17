import { dump } from "js-yaml";
import { DNS_SERVICE_ADDRESS, INTERNET_DNS } from "./addresses";
import { apiObject } from "./api";
import type { Folders } from "./folders";
import { COREDNS_IMAGE } from "./images";
import { INTERNET_HOSTS } from "./internetHosts";
import { kubectl } from "./kubectl";
import { resolves } from "./resolves";
import type { Step, StepContext } from "./step";
import { waitUntil } from "./wait";

/** A name that it has to ask the lab's internet for. */
const PROBE = INTERNET_HOSTS[0]?.name ?? "";

const NAMESPACE = "kube-system";
const LABELS = { "k8s-app": "kube-dns" };

/** CoreDNS in the cluster; it hands all other names to the lab's internet. Applied early, ready once the node is. */
export const clusterDnsStep: Step = {
  name: "cluster-dns",
  title: "cluster DNS",
  needs: ["pods", "internet-dns"],
  async up({ folders }: StepContext): Promise<void> {
    if (await waitUntil(async () => (await problem(folders)) === undefined, { timeoutMs: 60_000 })) return;
    throw new Error("CoreDNS did not get ready in 60 s: kubectl -n kube-system describe pods");
  },
  check: ({ folders }) => problem(folders),
};

/** Its objects, which wait in the API server until there is a node to run them. */
export const clusterDnsObjectsStep: Step = {
  name: "cluster-dns-objects",
  title: "cluster DNS, applied",
  // Without its image the pod would fail and wait ten seconds for the next try.
  needs: ["apiserver", "import-node-images"],
  async up({ folders }: StepContext): Promise<void> {
    if ((await deployment(folders)) !== undefined) return;
    await kubectl(
      folders,
      ["apply", "--server-side", "--filename=-"],
      objects()
        .map((object) => dump(object))
        .join("---\n"),
    );
  },
};

interface Deployment {
  status?: { readyReplicas?: number };
}

function deployment(folders: Folders): Promise<Deployment | undefined> {
  return apiObject<Deployment>(folders, `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/coredns`);
}

async function problem(folders: Folders): Promise<string | undefined> {
  if (!(await deployment(folders))?.status?.readyReplicas) return "CoreDNS is not ready";
  return (await resolves(DNS_SERVICE_ADDRESS, PROBE)) ? undefined : `it does not resolve ${PROBE}`;
}

const COREFILE = `.:53 {
    errors
    health {
        lameduck 0s
    }
    ready
    kubernetes cluster.local in-addr.arpa {
        pods insecure
        ttl 5
    }
    forward . ${INTERNET_DNS}
    cache 5
}
`;

function objects(): object[] {
  const metadata = { name: "coredns", namespace: NAMESPACE };
  const rules = [
    { apiGroups: [""], resources: ["endpoints", "services", "pods", "namespaces"], verbs: ["list", "watch"] },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  ];
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "lab:coredns" }, rules },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "lab:coredns" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "lab:coredns" },
      subjects: [{ kind: "ServiceAccount", name: metadata.name, namespace: NAMESPACE }],
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { Corefile: COREFILE } },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { ...metadata, labels: LABELS },
      spec: {
        replicas: 1,
        selector: { matchLabels: LABELS },
        template: { metadata: { labels: LABELS }, spec: podSpec() },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "kube-dns", namespace: NAMESPACE, labels: LABELS },
      spec: {
        clusterIP: DNS_SERVICE_ADDRESS,
        selector: LABELS,
        ports: [
          { name: "dns", port: 53, protocol: "UDP" },
          { name: "dns-tcp", port: 53, protocol: "TCP" },
        ],
      },
    },
  ];
}

function podSpec(): object {
  return {
    serviceAccountName: "coredns",
    priorityClassName: "system-cluster-critical",
    dnsPolicy: "Default",
    terminationGracePeriodSeconds: 5,
    containers: [
      {
        name: "coredns",
        image: COREDNS_IMAGE,
        imagePullPolicy: "IfNotPresent",
        args: ["-conf", "/etc/coredns/Corefile"],
        volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
        readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
      },
    ],
    volumes: [{ name: "config", configMap: { name: "coredns" } }],
  };
}
