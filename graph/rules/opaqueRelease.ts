import { chartOf } from "./meshConfigObjects";
import { each, type Rule } from "./rule";

/** Istio's own charts: what they make of their values is modelled, or decides nothing about egress. */
const UNDERSTOOD = new Set(["base", "istiod", "gateway", "cni", "ztunnel"]);

/** Pulumi's Release resource installs its chart in the provider: no object of it passes the policy pack. */
export const opaqueRelease: Rule = {
  code: "opaque-release",
  *check(context) {
    yield* each(context, context.mesh.objects("Release"), function* (object) {
      const chart = chartOf(object);
      if (UNDERSTOOD.has(chart)) return;
      yield {
        object,
        field: "spec.chart",
        seen: chart === "" ? "not known yet" : chart,
        message: "what the chart installs is not seen here, so no rule has judged it",
        fix: "Put its rendered manifests into a folder and name that in the option manifests, or use a Chart instead of a Release",
      };
    });
  },
};
