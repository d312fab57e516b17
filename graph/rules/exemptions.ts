import { isDay } from "../day";
import type { RuleCode } from "./catalogue";
import type { Finding } from "./finding";
import type { Exemption, RuleOptions } from "./options";

/** Exemptions by rule and object, on one day. */
export class Exemptions {
  private readonly byObject = new Map<string, Exemption[]>();
  private readonly ofRule = new Map<string, Exemption[]>();

  /** `today` is a day, `YYYY-MM-DD`, in UTC. */
  constructor(
    options: RuleOptions,
    private readonly today: string,
  ) {
    for (const exemption of options.exemptions ?? []) put(this.byObject, exemption.object, exemption);
    for (const [code, settings] of Object.entries(options.rules ?? {}))
      for (const exemption of settings?.exemptions ?? []) put(this.ofRule, `${code} ${exemption.object}`, exemption);
  }

  /** The finding, marked as exempt, or with the expired exemption named in its fix. */
  applied(finding: Finding): Finding {
    const found = this.about(finding.code, finding.object);
    const valid = found.find(({ expires }) => expires >= this.today);
    if (valid) return { ...finding, exempt: `exempt until ${valid.expires}: ${valid.reason}` };
    const expired = found[0];
    if (expired === undefined) return finding;
    return { ...finding, fix: `${finding.fix} (the exemption "${expired.reason}" expired on ${expired.expires})` };
  }

  private about(code: RuleCode, object: string): Exemption[] {
    const bare = object.slice(object.indexOf(" ") + 1);
    return [object, bare].flatMap((name) => [
      ...(this.ofRule.get(`${code} ${name}`) ?? []),
      ...(this.byObject.get(name) ?? []),
    ]);
  }
}

/** What is wrong with the exemptions of a configuration, a line each: a slip there must not open a hole or pass unseen. */
export function exemptionProblems(options: RuleOptions): string[] {
  const lists: [string, Exemption[]][] = [
    ["exemptions", options.exemptions ?? []],
    ...Object.entries(options.rules ?? {}).map(([code, settings]): [string, Exemption[]] => [
      `rules.${code}.exemptions`,
      settings?.exemptions ?? [],
    ]),
  ];
  return lists.flatMap(([path, exemptions]) =>
    exemptions.flatMap((exemption, i) => problems(exemption).map((problem) => `${path}[${i}].${problem}`)),
  );
}

function problems({ object, reason, expires }: Exemption): string[] {
  const found: string[] = [];
  if (!/^([A-Z]\w+ )?[^\s/]+(\/[^\s/]+)?$/.test(object ?? ""))
    found.push(`object = ${JSON.stringify(object)} is no object. Write namespace/name or Kind namespace/name.`);
  if (typeof reason !== "string" || reason.trim() === "")
    found.push(`reason = ${JSON.stringify(reason)} says nothing. Write why, and who decided it.`);
  if (!isDay(expires)) found.push(`expires = ${JSON.stringify(expires)} is no day. Write YYYY-MM-DD.`);
  return found;
}

function put(map: Map<string, Exemption[]>, key: string, exemption: Exemption): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [exemption]);
  else list.push(exemption);
}
