import { endingAllowances, unreadableAllowances } from "./allowances";
import { each, istioObjects, type Rule } from "./rule";

/** The last day of an allowance, as the component notes it on the application's Sidecar, is today or later. */
export const allowanceNotExpired: Rule = {
  code: "allowance-not-expired",
  *check(context) {
    yield* each(context, istioObjects(context, "Sidecar"), function* (sidecar) {
      yield* unreadableAllowances(sidecar);
      for (const { expiry, complaint } of endingAllowances(context, sidecar)) if (expiry.expired) yield complaint;
    });
  },
};
