import { daysBetween } from "./day";

/** Days before the last one from which on an allowance's end is announced. */
export const NOTICE_DAYS = 14;

/** What to do about an allowance that has expired, or soon will have. */
export const EXPIRY_FIX = "Remove the allowance or set a later day";

/** How an allowance stands on a day; undefined while its end is far. */
export interface Expiry {
  expired: boolean;
  /** In words, without a full stop. */
  message: string;
}

/** The end of an allowance as seen on the day `today`; the last day itself still counts. Both are days, `YYYY-MM-DD`. */
export function expiryOf(lastDay: string, today: string, noticeDays = NOTICE_DAYS): Expiry | undefined {
  const left = daysBetween(today, lastDay);
  if (left < 0) return { expired: true, message: "is past, so the allowance has expired" };
  if (left > noticeDays) return undefined;
  return { expired: false, message: `is the last day of the allowance, ${inDays(left)}` };
}

function inDays(left: number): string {
  if (left === 0) return "today";
  return left === 1 ? "tomorrow" : `in ${left} days`;
}
