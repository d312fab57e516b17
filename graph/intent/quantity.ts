/** Kubernetes' quantities of resources (Kubernetes API, `resource.Quantity`). */

const QUANTITY = /^\+?(\d+\.?\d*|\.\d+)([EPTGMK]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const FACTOR: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The amount of a quantity, e.g. 0.1 for `100m`; undefined if it is none, or below zero. */
export function amountOf(quantity: string): number | undefined {
  const [, number, suffix = ""] = QUANTITY.exec(quantity) ?? [];
  if (number === undefined) return undefined;
  return /^[eE]./.test(suffix) && suffix !== "Ei"
    ? Number(`${number}${suffix}`)
    : Number(number) * (FACTOR[suffix] ?? 1);
}
