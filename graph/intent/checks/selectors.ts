import type { Application, EgressConfig } from "../config";
import { applicationKey, selectorOf } from "../defaults";
import { join, type Problem } from "../problem";

/** Applications of one namespace seen so far, by the value of their label `app`, which nearly every selector has. */
interface Seen {
  all: Application[];
  byApp: Map<string, Application[]>;
  withoutApp: Application[];
}

/**
 * A pod that two Sidecars select gets the older one alone (Istio API, `Sidecar.workloadSelector`), so no pod may fit
 * two applications: some label must be in both selectors with different values.
 */
export function checkSelectors(config: EgressConfig): Problem[] {
  const problems: Problem[] = [];
  const namespaces = new Map<string, Seen>();
  for (const [index, application] of config.applications.entries()) {
    if (application.name === "" || Object.keys(selectorOf(application)).length === 0) continue;
    const seen = namespaces.get(application.namespace) ?? { all: [], byApp: new Map(), withoutApp: [] };
    namespaces.set(application.namespace, seen);
    const other = rivals(seen, application).find((candidate) => canShareAPod(candidate, application));
    if (other !== undefined && applicationKey(other) !== applicationKey(application))
      problems.push({
        path: join("applications", index, "selector"),
        value: selectorOf(application),
        message: `a pod can fit both this application and ${applicationKey(other)}`,
        fix: "Make the two selectors differ in the value of one label",
      });
    remember(seen, application);
  }
  return problems;
}

function rivals(seen: Seen, application: Application): Application[] {
  const { app } = selectorOf(application);
  return app === undefined ? seen.all : [...(seen.byApp.get(app) ?? []), ...seen.withoutApp];
}

function remember(seen: Seen, application: Application): void {
  const { app } = selectorOf(application);
  seen.all.push(application);
  if (app === undefined) seen.withoutApp.push(application);
  else seen.byApp.set(app, [...(seen.byApp.get(app) ?? []), application]);
}

function canShareAPod(a: Application, b: Application): boolean {
  const left = selectorOf(a);
  return !Object.entries(selectorOf(b)).some(([key, value]) => left[key] !== undefined && left[key] !== value);
}
