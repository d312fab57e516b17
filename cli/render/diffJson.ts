import { bypasses, type Change, type ReachDiff } from "../../graph/reach/diff";
import type { Way } from "../../graph/reach/way";

/** The diff as `diff --format json` prints it. */
export function diffJson(diff: ReachDiff): string {
  const { newlyReachable, noLongerReachable, pathChanged, guardsLost, undecided, unknownInputs } = diff;
  const value = {
    newlyReachable: newlyReachable.map(changeJson),
    noLongerReachable: noLongerReachable.map(changeJson),
    pathChanged: pathChanged.map(changeJson),
    guardsLost,
    undecided: undecided.map(changeJson),
    unknownInputs,
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function changeJson(change: Change): object {
  const { applications, target, requests, before, after } = change;
  return {
    applications,
    ...target,
    ...(requests && { requests }),
    ...(bypasses(change) && { leavesDirectly: true }),
    before: wayJson(before),
    after: wayJson(after),
  };
}

/** Without the key, which is for comparing alone. */
function wayJson({ key: _key, ...way }: Way): object {
  return way;
}
