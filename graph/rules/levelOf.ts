import type { Level } from "./catalogue";
import type { Finding } from "./finding";
import type { RuleOptions } from "./options";

/** The level that a finding counts with; undefined where the level of all rules together decides. */
export function levelOf({ code, level, exempt }: Finding, { rules }: RuleOptions): Level | undefined {
  if (exempt !== undefined || level === "advisory") return "advisory";
  return rules?.[code]?.enforcementLevel === "mandatory" ? "mandatory" : undefined;
}
