import { BAD_QUESTION, CommandError } from "./exit";

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The moment that `--since` means, RFC 3339 in UTC: "90s", "10m", "2h", "7d" before now, or a moment itself. Throws `CommandError`. */
export function sinceOf(text: string, now: Date): string {
  const [, count, unit = ""] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const back = UNITS[unit];
  const moment =
    count === undefined || back === undefined ? new Date(text) : new Date(now.getTime() - Number(count) * back);
  if (Number.isNaN(moment.getTime()) || (count === undefined && !/^\d{4}-\d\d-\d\d/.test(text)))
    throw new CommandError(
      `--since "${text}" is neither a time span (90s, 10m, 2h, 7d) nor a moment (2026-01-31T08:00:00Z).`,
      BAD_QUESTION,
    );
  return moment.toISOString();
}
