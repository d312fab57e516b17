import { type Application, dayOf, type EgressConfig, type Manifest, manifests, validate } from "../graph";

/** Applications in a namespace: enough that namespaces count, few enough that none is huge. */
const PER_NAMESPACE = 100;
const PER_GATEWAY = 10;

/** As many applications as destinations, each with a destination of its own; the component's objects and the Deployments. */
export function benchObjects(destinations: number): Manifest[] {
  const config = benchConfig(destinations);
  const checked = validate(config, { today: dayOf(new Date()) });
  if (!checked.ok) throw new Error(`the bench's configuration is wrong: ${checked.problems[0]?.message}`);
  return [...manifests(checked.intent), ...config.applications.map(deployment)];
}

function benchConfig(destinations: number): EgressConfig {
  const names = Array.from({ length: destinations }, (_, i) => `service-${i}`);
  return {
    destinations: Object.fromEntries(
      names.map((name, i) => [
        name,
        { hosts: [`${name}.example.com`], gateway: `shared-${Math.floor(i / PER_GATEWAY)}` },
      ]),
    ),
    applications: names.map((name, i) => ({
      namespace: `team-${Math.floor(i / PER_NAMESPACE)}`,
      name: `app-${i}`,
      createServiceAccount: true,
      allow: [name],
    })),
  };
}

function deployment({ namespace, name }: Application): Manifest {
  const labels = { app: name };
  const spec = { serviceAccountName: name, containers: [{ name: "app", image: "app" }] };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}
