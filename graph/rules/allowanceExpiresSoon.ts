import { endingAllowances } from "./allowances";
import { each, istioObjects, type Rule } from "./rule";

/** Whoever answers for an allowance hears of its end while there is time to act. */
export const allowanceExpiresSoon: Rule = {
  code: "allowance-expires-soon",
  *check(context) {
    yield* each(context, istioObjects(context, "Sidecar"), function* (sidecar) {
      for (const { expiry, complaint } of endingAllowances(context, sidecar)) if (!expiry.expired) yield complaint;
    });
  },
};
