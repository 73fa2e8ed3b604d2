import { builtinModules } from "node:module";
import eslint from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/**
 * Which folders of this project each part may import from (arrows point down, nothing points up). `test/` is
 * not listed, and may import everything.
 *
 * @type {Record<string, readonly string[]>}
 */
const mayImport = {
  // Runs before anything else is loaded. package.json says which Node.js that takes.
  loader: ["loader", "package.json"],
  "index.ts": ["components", "dynamic-providers", "tenant", "licensing", "graph"],
  components: ["components", "dynamic-providers", "tenant", "licensing", "graph"],
  "dynamic-providers": ["dynamic-providers", "licensing", "graph"],
  tenant: ["tenant", "licensing", "graph"],
  // Whatever removes a direct licence takes a proof, so the one place that does knows its type.
  graph: [
    "graph",
    "licensing/model.ts",
    "licensing/decision/replacement-proof.ts",
    "licensing/discovery/tenant-today.ts",
  ],
  licensing: ["licensing"],
  emulator: ["emulator"],
  // Files made of a plan or of findings: data in, text out.
  "cli/render": ["cli/render", "licensing"],
  policy: ["policy", "licensing", "loader"],
  demo: ["demo", "emulator", "cli", "licensing/model.ts"],
  cli: ["cli", "loader", "tenant", "licensing", "graph"],
  // Runs the providers, the planning and the engine, each by itself, against the embedded Graph.
  dev: ["dev", "cli", "loader", "emulator", "tenant", "dynamic-providers", "licensing", "graph"],
  // Reads a real tenant, and runs the engine on a copy of it.
  rehearsal: ["rehearsal", "emulator", "cli", "tenant", "licensing", "graph"],
};

/** The rooms of licensing/, from the lowest: a room imports from those before it. Its own files and catalog/ are the ground. */
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

const arrows = Object.entries(mayImport).map(([part, allowed]) => ({
  target: `./${part}`,
  from: ".",
  except: ["node_modules", ...allowed].map((folder) => `./${folder}`),
  message: `${part} may import from ${allowed.join(", ")} alone.`,
}));

/** What builds, tests and measures: only this may import a development dependency. */
const forDevelopment = ["test/**", "dev/{bench,test,browser,prove}/**", "eslint.config.mjs", ".mocharc.cjs"];

const clients = ["@azure/*", "@microsoft/*", "node:http", "node:https", "node:http2", "http", "https", "http2"];

/** @param {string} name */
const withAndWithoutPrefix = (name) => [name, `node:${name}`];

export default defineConfig(
  { ignores: ["node_modules/"] },
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
      // What runs in production is a dependency, also where a development dependency happens to be installed.
      "import-x/no-extraneous-dependencies": [
        "error",
        { devDependencies: forDevelopment, packageDir: import.meta.dirname },
      ],
      "@typescript-eslint/no-floating-promises": "error",
      // A number in a template is as clear as one can write it.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // An arrow that only passes a call on reads the same with braces around it.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // An empty environment variable is none: `||` is meant for strings.
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { string: true } }],
      // `const { hidden, ...rest }` leaves a property out, and that is its use.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
    },
  },
  {
    // Decisions are pure: neither Pulumi nor a client, and no clock, chance or environment. What they need is given.
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
        { patterns: [{ group: ["@pulumi/*"], message: "graph/ knows nothing of who uses it." }] },
      ],
    },
  },
  {
    // A provider process that finds nothing to do is not to load what it would do it with.
    files: ["dynamic-providers/engine/engine-host.ts", "licensing/catalog/published-names.ts"],
    rules: { "@typescript-eslint/no-require-imports": "off", "no-restricted-globals": "off" },
  },
  {
    // Plain Node, typed by JSDoc where a type is needed; CommonJS where the tool that reads it wants that.
    files: ["**/*.mjs", "**/*.cjs", "cli/render/page/browser/*.js"],
    rules: {
      "@typescript-eslint/no-require-imports": "off",
      // The type check knows Node's globals, here as in TypeScript.
      "no-undef": "off",
      // These do not see a cast that is written in JSDoc.
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
    },
  },
);
