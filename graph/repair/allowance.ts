import type { AllowanceTerms, Application, EgressConfig } from "../intent/config";
import { applicationKey, selectorOf, serviceAccountOf } from "../intent/defaults";
import { labelFault } from "../intent/names";
import { isWrittenLabel } from "../mesh/writtenLabels";
import type { ConfigChange } from "./configChange";
import { NoWay, type Step, type WantedCall } from "./wanted";

/** What lets the caller use a destination. */
export function allowanceFor(config: EgressConfig, call: WantedCall, destination: string): Step {
  const index = applicationIndex(config, call);
  const application = config.applications[index];
  const step = application
    ? existing(application, ["applications", index], call, destination)
    : newApplication(config, call, destination);
  const key = applicationKey(application ?? { namespace: call.namespace, name: nameOf(call) });
  return withBoth(step, exclusive(config, key, destination));
}

/** Of the name; else the one whose service account, or then whose selector, is the caller's. -1: none. */
export function applicationIndex(
  { applications }: EgressConfig,
  { namespace, application, labels, serviceAccount }: WantedCall,
): number {
  const named = applications.findIndex((each) => each.namespace === namespace && each.name === application);
  if (named >= 0) return named;
  const identity = applications.findIndex(
    (each) => each.namespace === namespace && serviceAccountOf(each) === serviceAccount,
  );
  if (identity >= 0 || labels === undefined) return identity;
  return applications.findIndex(
    (each) =>
      each.namespace === namespace && Object.entries(selectorOf(each)).every(([key, value]) => labels[key] === value),
  );
}

function existing(application: Application, path: (string | number)[], call: WantedCall, destination: string): Step {
  const { allow, terms } = application;
  if (allow.includes(destination)) return widened(application, path, call, destination, terms?.[destination]);
  return {
    changes: [{ path: [...path, "allow", allow.length], value: destination }],
    says: [`add ${destination} to the allowances of ${applicationKey(application)}`],
  };
}

/** An allowance of some methods and paths, with the call's own beside them. */
function widened(
  application: Application,
  path: (string | number)[],
  { method, path: asked }: WantedCall,
  destination: string,
  terms: AllowanceTerms = {},
): Step {
  const changes: ConfigChange[] = [];
  const says: string[] = [];
  const who = applicationKey(application);
  const add = (key: "methods" | "paths", length: number, value: string) => {
    changes.push({ path: [...path, "terms", destination, key, length], value });
    says.push(`add ${value} to the ${key} that ${who} may use at ${destination}`);
  };
  const { methods, paths } = terms;
  if (methods && method !== undefined && !methods.includes(method)) add("methods", methods.length, method);
  const plain = asked?.replace(/[?#].*$/s, "");
  if (paths && plain !== undefined && !paths.some((each) => fitsPath(plain, each))) add("paths", paths.length, plain);
  return { changes, says };
}

function fitsPath(path: string, pattern: string): boolean {
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

function newApplication({ applications }: EgressConfig, call: WantedCall, destination: string): Step {
  const { namespace, labels, serviceAccount } = call;
  const name = nameOf(call);
  const own = serviceAccount !== undefined && serviceAccount !== "default" && serviceAccount !== name;
  const selector = selectorFor(name, labels);
  const value: Application = {
    namespace,
    name,
    ...(selector && { selector }),
    ...(own && { serviceAccount }),
    allow: [destination],
  };
  return {
    changes: [{ path: ["applications", applications.length], value }],
    says: [
      `add the application ${namespace}/${name}, with ${destination} as its one allowance: from then on its namespace is controlled, and all else that leaves it is denied`,
      ...(serviceAccount === "default"
        ? [`run its pods by the service account ${name}: "default" is no identity of one application`]
        : []),
    ],
  };
}

/** Undefined where the usual one, `app: NAME`, fits. */
function selectorFor(name: string, labels: WantedCall["labels"]): Record<string, string> | undefined {
  if (labels === undefined || labels.app === name) return undefined;
  if (labels.app !== undefined) return { app: labels.app };
  const own = Object.entries(labels).filter(([key]) => !isWrittenLabel(key));
  if (own.length === 0)
    throw new NoWay("the caller's pods have no label by which to tell them from others: give them one");
  return Object.fromEntries(own);
}

function nameOf({ application, labels }: WantedCall): string {
  const name = [application, labels?.app ?? ""].find((each) => labelFault(each) === undefined);
  if (name === undefined)
    throw new NoWay(`"${application}" is no name of an application: ask for a workload by its name`);
  return name;
}

function exclusive({ destinations }: EgressConfig, application: string, name: string): Step {
  const onlyFor = Object.hasOwn(destinations, name) ? destinations[name]?.onlyFor : undefined;
  if (onlyFor === undefined || onlyFor.includes(application)) return { changes: [], says: [] };
  return {
    changes: [{ path: ["destinations", name, "onlyFor", onlyFor.length], value: application }],
    says: [
      `add ${application} to destinations.${name}.onlyFor, a list that was meant as a second pair of eyes: ask who keeps it`,
    ],
  };
}

function withBoth(one: Step, other: Step): Step {
  return { changes: [...one.changes, ...other.changes], says: [...one.says, ...other.says] };
}
