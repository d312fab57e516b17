import { application, destination, type Fault, good, terms, with_ } from "./spoilt";

/** Applications, what they are allowed, and the terms of it. */
export const APPLICATION_FAULTS: readonly Fault[] = [
  [
    "an unknown destination, with the nearest known one",
    application({ allow: ["gitub"] }),
    'applications[0].allow[0] = "gitub": is no destination. Did you mean "github"?',
  ],
  [
    "an unknown destination, with none near",
    application({ allow: ["warehouse"] }),
    'applications[0].allow[0] = "warehouse": is no destination. Use one of github, httpbin, or add it to destinations.',
  ],
  [
    "a destination listed twice",
    application({ allow: ["github", "github"] }),
    'applications[0].allow[1] = "github": is listed twice. Remove one of the two.',
  ],
  [
    "an application that its destination is not for",
    destination({ onlyFor: ["shop/till"] }),
    'applications[0].allow[0] = "github": is only for shop/till (destinations.github.onlyFor). Remove it here, or add "shop/cart" there.',
  ],
  [
    "an application twice",
    with_({ applications: [good().applications[0], good().applications[0]] }),
    'applications[1] = "shop/cart": is the application at applications[0] again. Merge the two into one, with both lists in allow.',
  ],
  [
    "empty allow",
    application({ allow: [] }),
    "applications[0].allow = []: is empty. Name at least one destination, or remove the application: what is not listed is denied anyway.",
  ],
  [
    "a long application name",
    application({ name: "x".repeat(64), serviceAccount: "x", selector: { app: "x" } }),
    `applications[0].name = "${"x".repeat(64)}": is 64 characters long, over the limit of 63. Use at most 63 lower-case letters, digits and inner hyphens.`,
  ],
  [
    "an application of the denying Sidecar's name",
    application({ name: "deny-by-default" }),
    'applications[0].name = "deny-by-default": is the name of the namespace-wide Sidecar. Use another name.',
  ],
  [
    "the shared service account",
    application({ serviceAccount: "default" }),
    'applications[0].serviceAccount = "default": is shared by every pod without an account. Give the application an account of its own; createServiceAccount: true makes it.',
  ],
  [
    "a service account of another application",
    application({ serviceAccount: "till" }),
    'applications[1].serviceAccount = "till": is the service account of shop/cart too, so the gateway could not tell the two apart. Give each application its own service account.',
  ],
  [
    "selectors that a pod can fit both",
    application({ selector: { tier: "web" } }),
    'applications[1].selector = {"app":"till"}: a pod can fit both this application and shop/cart. Make the two selectors differ in the value of one label.',
  ],
  [
    "a selector of the same label",
    application({ selector: { app: "till", tier: "web" } }),
    'applications[1].selector = {"app":"till"}: a pod can fit both this application and shop/cart. Make the two selectors differ in the value of one label.',
  ],
  [
    "a bad label value",
    application({ selector: { app: "a b" } }),
    'applications[0].selector.app = "a b": is no Kubernetes label value (63 characters at most). Use a valid label.',
  ],
  [
    "an empty selector",
    application({ selector: {} }),
    'applications[0].selector = {}: is empty and would select every pod. Leave it out for "app: cart", or name a label.',
  ],
  [
    "an application beside the gateways",
    application({ namespace: "external" }),
    'applications[0].namespace = "external": is the gateways\' namespace, where no application may live. Move the application to a namespace of its own.',
  ],
  [
    "a missing key",
    with_({ applications: [{ namespace: "shop", name: "cart" }] }),
    "applications[0].allow: is missing. Give it a list.",
  ],
  [
    "terms of a destination that is not allowed",
    application({ terms: { gihub: { owner: "team-a" } } }),
    'applications[0].terms.gihub = "gihub": is not in allow. Did you mean "github"?',
  ],
  [
    "an owner without a name",
    terms({ owner: " " }),
    'applications[0].terms.github.owner = " ": says nothing. Write it, or remove the key.',
  ],
  [
    "a reason like a novel",
    terms({ reason: "x".repeat(257) }),
    `applications[0].terms.github.reason = "${"x".repeat(76)}…: is 257 characters long, over the limit of 256. Shorten it, and name a place where the rest can be read.`,
  ],
  [
    "a last day that the calendar does not know",
    terms({ expires: "2027-02-29" }),
    'applications[0].terms.github.expires = "2027-02-29": is no day of the calendar. Write it as YYYY-MM-DD.',
  ],
  [
    "a last day in another order",
    terms({ expires: "31.12.2027" }),
    'applications[0].terms.github.expires = "31.12.2027": is no day of the calendar. Write it as YYYY-MM-DD.',
  ],
  [
    "an expired allowance",
    terms({ expires: "2026-11-23" }),
    'applications[0].terms.github.expires = "2026-11-23": is past, so the allowance has expired. Remove the allowance or set a later day.',
  ],
];
