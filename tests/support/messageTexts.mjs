/**
 * For Stryker: texts for people are not mutated. A text is one of two words or more; that messages read as they should is held by the golden
 * files and by people, while what a message names (object, field, value) is mutated all the same.
 */
const TWO_WORDS = /[a-z`,.:;)] [a-z`(]/i;

const value = {
  shouldIgnore(path) {
    if (path.isStringLiteral() && TWO_WORDS.test(path.node.value)) return "text for people";
    if (!path.isTemplateLiteral()) return undefined;
    const text = path.node.quasis.map((quasi) => quasi.value.raw).join("\0");
    return TWO_WORDS.test(text) ? "text for people" : undefined;
  },
};

export const strykerPlugins = [{ kind: "Ignore", name: "message-texts", value }];
