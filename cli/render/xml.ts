/** An element of an XML document: enough for reports. */
export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string | number | undefined>>;
  children: readonly (XmlElement | string)[];
}

/** Attributes without value are left out. */
export function element(
  name: string,
  attributes: XmlElement["attributes"],
  ...children: XmlElement["children"]
): XmlElement {
  return { name, attributes, children };
}

/** The document whose root is this element. */
export function xmlText(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, "")}\n`;
}

function written({ name, attributes, children }: XmlElement, indent: string): string {
  const pairs = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const start = [name, ...pairs.map(([key, value]) => `${key}="${escaped(String(value))}"`)].join(" ");
  if (children.length === 0) return `${indent}<${start}/>`;
  if (children.every((child) => typeof child === "string"))
    return `${indent}<${start}>${children.map(escaped).join("")}</${name}>`;
  const inner = children.map((child) =>
    typeof child === "string" ? `${indent}  ${escaped(child)}` : written(child, `${indent}  `),
  );
  return `${indent}<${start}>\n${inner.join("\n")}\n${indent}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};
/** Everything outside of what XML 1.0 calls a character (production 2, "Char"). */
const NO_CHARACTERS = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

function escaped(text: string): string {
  return text.replace(NO_CHARACTERS, "\uFFFD").replace(/[&<>"\n\r\t]/g, (character) => ENTITIES[character] ?? "");
}
