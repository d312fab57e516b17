import { existsSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";
import { CLUSTER_RANGE } from "./addresses";
import { chartsFolder } from "./charts";
import { writeIfNew } from "./files";
import type { Folders } from "./folders";
import { APP_IMAGE, ISTIO_HUB, ISTIO_TAG } from "./images";
import type { Step, StepContext } from "./step";

/** What the lab lays over a stack's config: its own charts and images, and what upstream Envoy and a small node ask for. */
export const overlayStep: Step = {
  name: "overlay",
  title: "the stack's settings for the lab",
  needs: ["charts", "machine"],
  async up({ folders }: StepContext): Promise<void> {
    writeIfNew(folders.overlay, overlayText(folders));
  },
  check: async ({ folders }) => (existsSync(folders.overlay) ? undefined : "not written yet"),
};

export function overlayText(folders: Folders): string {
  const charts = chartsFolder(folders);
  return dump({
    istio: {
      charts: { base: join(charts, "base"), istiod: join(charts, "istiod"), gateway: join(charts, "gateway") },
      values: { base: {}, istiod: istiodValues(), gateway: gatewayValues() },
    },
    guards: { clusterRanges: [CLUSTER_RANGE] },
    demoImage: APP_IMAGE,
  });
}

const SMALL = { requests: { cpu: "10m", memory: "64Mi" } };

function istiodValues(): object {
  return {
    hub: ISTIO_HUB,
    tag: ISTIO_TAG,
    resources: SMALL,
    autoscaleEnabled: false,
    // Upstream Envoy lacks Istio's own filters.
    telemetry: { enabled: false },
    env: { PILOT_ENABLE_METADATA_EXCHANGE: "false", PILOT_ENABLE_ALPN_FILTER: "false" },
    global: {
      hub: ISTIO_HUB,
      tag: ISTIO_TAG,
      imagePullPolicy: "IfNotPresent",
      proxy: {
        // A gateway has no startup probe: with the default of 15 s it is ready after 16 s when the first probe misses.
        readinessPeriodSeconds: 1,
        resources: SMALL,
      },
      proxy_init: { resources: SMALL },
    },
  };
}

function gatewayValues(): object {
  return {
    // The chart's image is `auto`, which Kubernetes would always pull; no registry serves the lab's images.
    imagePullPolicy: "IfNotPresent",
    autoscaling: { enabled: false },
    resources: SMALL,
  };
}
