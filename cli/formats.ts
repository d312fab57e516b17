/** The forms in which commands print; apart, so that `--help` loads no command. */
export const DIFF_FORMATS = ["text", "markdown", "json"] as const;
export const MAP_FORMATS = ["table", "mermaid", "dot", "json"] as const;
export const AUDIT_FORMATS = ["text", "json"] as const;

export type AuditFormat = (typeof AUDIT_FORMATS)[number];
export type DiffFormat = (typeof DIFF_FORMATS)[number];
export type MapFormat = (typeof MAP_FORMATS)[number];
