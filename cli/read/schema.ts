import { boolYaml11Tag, CORE_SCHEMA, defineScalarTag, intCoreTag, mergeTag } from "js-yaml";

const OCTAL = /^[-+]?0[0-7]+$/;
const SEPARATED = /^[-+]?[1-9][0-9]*(_[0-9]+)+$/;

/** Whole numbers as Go's YAML reads them: `017` is 15 and `1_000` is 1000, beside what YAML 1.2 has. */
const goIntTag = defineScalarTag<number>("tag:yaml.org,2002:int", {
  ...intCoreTag,
  resolve: (source, isExplicit, tagName) => {
    if (OCTAL.test(source)) return Number.parseInt(source, 8);
    if (SEPARATED.test(source)) return Number(source.replaceAll("_", ""));
    return intCoreTag.resolve(source, isExplicit, tagName);
  },
});

/**
 * How kubectl and Helm read YAML: with the booleans and merge keys of YAML 1.1 (`yes`, `on`, `<<`), but with dates and
 * times of day left as text (Go package `sigs.k8s.io/yaml`).
 */
export const MANIFEST_SCHEMA = CORE_SCHEMA.withTags(mergeTag, boolYaml11Tag, goIntTag);
