import { builtinModules } from "node:module";
import eslint from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import jsdoc from "eslint-plugin-jsdoc";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/**
 * The folders that each part may import from. Imports point down this list, never up. `test/` is not listed:
 * it may import everything.
 *
 * @type {Record<string, readonly string[]>}
 */
const mayImport = {
  // What Pulumi and npm start by name, in a checkout and in an installed package; loaded before all other code.
  entry: ["entry"],
  "index.ts": ["components", "licensing"],
  components: ["components", "dynamic-providers", "tenant", "licensing", "graph"],
  "dynamic-providers": ["dynamic-providers", "licensing", "graph"],
  tenant: ["tenant", "licensing", "graph"],
  // The write that removes a direct licence requires a ReplacementProof, so graph/ imports that type.
  graph: [
    "graph",
    "licensing/model.ts",
    "licensing/verdict.ts",
    "licensing/decision/replacement-proof.ts",
    "licensing/decision/own-bridge.ts",
    "licensing/decision/leave-proof.ts",
    "licensing/discovery/tenant-today.ts",
  ],
  licensing: ["licensing"],
  emulator: ["emulator"],
  // Renders plans and findings: data in, text out.
  "cli/render": ["cli/render", "licensing"],
  policy: ["policy", "licensing", "entry"],
  // A narrated rehearsal.
  demo: ["demo", "rehearsal", "emulator", "cli", "licensing"],
  cli: ["cli", "entry", "tenant", "licensing", "graph"],
  // The subcommands: options and examples. Each loads its tool only when it runs.
  "cli/commands": ["cli", "entry", "tenant", "licensing", "graph", "rehearsal", "demo", "emulator"],
  // Runs the providers, the planner and the engine separately against the embedded Graph.
  dev: ["dev", "cli", "entry", "emulator", "tenant", "dynamic-providers", "licensing", "graph"],
  // Reads a real tenant and runs the engine on a copy of it.
  rehearsal: ["rehearsal", "emulator", "cli", "tenant", "licensing", "graph"],
};

/** The rooms of licensing/, lowest first: a room may import only the rooms before it, and the ground (its loose files and catalog/). */
const rooms = [
  "stack-file",
  "decision",
  "loss",
  "record",
  "inheritance",
  "drift",
  "preflight",
  "plan",
  "plan-document",
  "discovery",
];

const roomArrows = ["*.ts", "catalog", ...rooms].flatMap((room) => {
  const above = rooms.slice(rooms.indexOf(room) + 1);
  return above.map((name) => ({
    target: `./licensing/${room}`,
    from: `./licensing/${name}`,
    message: `licensing/${room} is below licensing/${name}.`,
  }));
});

/** A part inside another one has arrows of its own. Rendering has narrower ones, which count besides. */
const targets = /** @type {Record<string, string[]>} */ ({ cli: ["./cli/!(main).ts", "./cli/!(commands)/**"] });

const arrows = Object.entries(mayImport).map(([part, allowed]) => ({
  target: targets[part] ?? `./${part}`,
  from: ".",
  except: ["node_modules", ...allowed].map((folder) => `./${folder}`),
  message: `${part} may import from ${allowed.join(", ")} alone.`,
}));

/** Only code that builds, tests or measures may import a development dependency. */
const forDevelopment = [
  "dev/schemas.ts",
  "test/**",
  "dev/*.cjs",
  "dev/{bench,test,browser,prove}/**",
  "eslint.config.mjs",
  ".mocharc.cjs",
];

const clients = ["@azure/*", "@microsoft/*", "node:http", "node:https", "node:http2", "http", "https", "http2"];

/** Exported functions, and public methods of exported classes, with a `throw` of their own. */
const throwing = [
  "ExportNamedDeclaration > FunctionDeclaration:has(ThrowStatement)",
  "ExportNamedDeclaration > ClassDeclaration > ClassBody > MethodDefinition[accessibility!='private'][key.type!='PrivateIdentifier']:has(ThrowStatement)",
];

/** @param {string} name */
const withAndWithoutPrefix = (name) => [name, `node:${name}`];

export default defineConfig(
  { ignores: ["node_modules/", ".build/", "dist/"] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: [".mocharc.cjs"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".mjs", ".cjs", ".js", ".json"] })],
    },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones: [...arrows, ...roomArrows] }],
      // Production code must not import a development dependency, even if it is installed here.
      "import-x/no-extraneous-dependencies": [
        "error",
        { devDependencies: forDevelopment, packageDir: import.meta.dirname },
      ],
      "@typescript-eslint/no-floating-promises": "error",
      // Numbers print unambiguously in a template.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // A one-line arrow that returns a void call needs no braces.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // An empty environment variable counts as unset, so `||` is intended for strings.
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { string: true } }],
      // `const { hidden, ...rest }` is how a property is omitted.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
    },
  },
  {
    // Callers learn from the comment which errors to expect. Parameters need a tag only where the type leaves unit or shape open.
    files: ["graph/**/*.ts", "licensing/**/*.ts", "dynamic-providers/**/*.ts"],
    plugins: { jsdoc },
    settings: { jsdoc: { mode: "typescript" } },
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        { require: { FunctionDeclaration: false }, contexts: throwing, checkConstructors: false },
      ],
      "jsdoc/require-throws": ["error", { contexts: throwing }],
      "jsdoc/check-param-names": ["error", { disableMissingParamChecks: true, checkDestructured: false }],
      "jsdoc/check-tag-names": "error",
      "jsdoc/no-types": "error",
      "jsdoc/require-param-description": "error",
      "jsdoc/require-returns-description": "error",
      "jsdoc/require-returns-check": "error",
      "jsdoc/require-throws-description": "error",
      "jsdoc/empty-tags": "error",
    },
  },
  {
    // Decisions are pure: no Pulumi, no client, no clock, no randomness, no environment. Inputs are parameters.
    files: ["licensing/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["@pulumi/*", "@azure/*", "@microsoft/*"],
              message: "licensing/ is pure: it knows neither Pulumi nor a client.",
            },
          ],
          paths: builtinModules
            .filter((name) => name !== "crypto")
            .flatMap(withAndWithoutPrefix)
            .map((name) => ({ name, message: "licensing/ is pure: of Node it has only node:crypto." })),
        },
      ],
      "no-restricted-globals": [
        "error",
        ...["process", "performance", "setTimeout", "setInterval", "setImmediate", "fetch", "require"].map((name) => ({
          name,
          message: "licensing/ is pure: what it needs is a parameter.",
        })),
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date']",
          message: "licensing/ has no clock: `now` is a parameter.",
        },
        {
          selector: "MemberExpression[object.name='Date'][property.name='now']",
          message: "licensing/ has no clock: `now` is a parameter.",
        },
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: "licensing/ has no chance: the same input gives the same plan.",
        },
      ],
    },
  },
  {
    files: ["index.ts", "components/**", "dynamic-providers/**", "tenant/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: clients, message: "Only graph/ signs in and speaks HTTP." }] },
      ],
    },
  },
  {
    files: ["graph/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@pulumi/*"], message: "graph/ knows nothing of its callers." }] },
      ],
    },
  },
  {
    // Lazy `require`: a process without work, or another command, must not load the modules that do the work.
    files: [
      "components/stack-folder.ts",
      "dynamic-providers/engine/engine-host.ts",
      "licensing/catalog/published-names.ts",
      "cli/commands/**",
    ],
    rules: { "@typescript-eslint/no-require-imports": "off", "no-restricted-globals": "off" },
  },
  {
    // Plain Node.js with JSDoc types. Files are CommonJS only where the tool that loads them requires it.
    files: ["**/*.mjs", "**/*.cjs", "cli/render/page/browser/*.js"],
    rules: {
      "@typescript-eslint/no-require-imports": "off",
      // tsc already checks globals in these files.
      "no-undef": "off",
      // These rules do not understand JSDoc casts.
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
    },
  },
);
