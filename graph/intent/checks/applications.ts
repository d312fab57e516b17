import type { Application, EgressConfig } from "../config";
import { applicationKey, selectorOf, serviceAccountOf } from "../defaults";
import { labelFault, labelKeyFault, labelValueFault } from "../names";
import { join, type Problem } from "../problem";

/** The namespace-wide Sidecar's name; an application's own Sidecar has the application's. */
export const DENY_SIDECAR = "deny-by-default";

/** Applications: valid names, each once, with pods and a service account of their own. */
export function checkApplications(config: EgressConfig): Problem[] {
  const applications = config.applications.map((application, index) => ({
    application,
    path: join("applications", index),
  }));
  const named = applications.filter(({ application }) => application.name !== "" && application.namespace !== "");
  return [
    ...named.flatMap(({ application, path }) => nameProblems(application, path)),
    ...twice(named),
    ...sharedAccounts(named),
  ];
}

interface Placed {
  application: Application;
  path: string;
}

function nameProblems(application: Application, path: string): Problem[] {
  const problems: Problem[] = [];
  const check = (key: string, value: string, fault: string | undefined, fix: string) => {
    if (fault !== undefined) problems.push({ path: `${path}.${key}`, value, message: fault, fix });
  };
  const account = serviceAccountOf(application);
  check("namespace", application.namespace, labelFault(application.namespace), "Use a valid namespace name");
  check(
    "name",
    application.name,
    labelFault(application.name),
    "Use at most 63 lower-case letters, digits and inner hyphens",
  );
  if (application.name === DENY_SIDECAR)
    check("name", application.name, "is the name of the namespace-wide Sidecar", "Use another name");
  if (account !== application.name)
    check("serviceAccount", account, labelFault(account), "Use a valid service account name");
  if (account === "default")
    check(
      "serviceAccount",
      account,
      "is shared by every pod without an account",
      "Give the application an account of its own; createServiceAccount: true makes it",
    );
  for (const [key, value] of Object.entries(selectorOf(application))) {
    check(`selector.${key}`, value, labelKeyFault(key) ?? labelValueFault(value), "Use a valid label");
  }
  if (Object.keys(selectorOf(application)).length === 0)
    problems.push({
      path: `${path}.selector`,
      value: {},
      message: "is empty and would select every pod",
      fix: `Leave it out for "app: ${application.name}", or name a label`,
    });
  return problems;
}

function twice(applications: Placed[]): Problem[] {
  const first = new Map<string, string>();
  return applications.flatMap(({ application, path }) => {
    const key = applicationKey(application);
    const other = first.get(key);
    if (other === undefined) first.set(key, path);
    return other === undefined
      ? []
      : [
          {
            path,
            value: key,
            message: `is the application at ${other} again`,
            fix: "Merge the two into one, with both lists in allow",
          },
        ];
  });
}

/** Two applications with one account are one identity to the gateway. */
function sharedAccounts(applications: Placed[]): Problem[] {
  const first = new Map<string, Placed>();
  return applications.flatMap(({ application, path }) => {
    const account = serviceAccountOf(application);
    const key = `${application.namespace}/${account}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, { application, path });
    if (other === undefined || applicationKey(other.application) === applicationKey(application)) return [];
    return [
      {
        path: `${path}.serviceAccount`,
        value: account,
        message: `is the service account of ${applicationKey(other.application)} too, so the gateway could not tell the two apart`,
        fix: "Give each application its own service account",
      },
    ];
  });
}
