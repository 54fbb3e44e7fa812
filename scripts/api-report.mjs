import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { parseSync } from "oxc-parser";

/**
 * The public API of a package as text: the declarations of what each entry point exports, without comments, and those
 * that the exported ones refer to. It is read from the compiled types, so the package must be built.
 */

/**
 * @typedef {{ file: string, name: string }} Place a declaration, or what a module exports under a name
 * @typedef {{ declarations: Map<string, { text: string, uses: Set<string>, imports: Place[] }[]>,
 *   imported: Map<string, Place>, exported: Map<string, Place>, wild: string[] }} Module
 */

/** @type {Map<string, Module>} */
const modules = new Map();

/**
 * @param {string} file
 * @param {string} specifier
 */
function resolve(file, specifier) {
  return specifier.startsWith(".") ? join(dirname(file), specifier.replace(/\.[jt]s$/, ".d.ts")) : specifier;
}

/** @param {unknown} value @returns {value is Record<string, unknown> & { type: string }} */
const isNode = (value) => typeof value === "object" && value !== null && "type" in value;

/** @param {unknown} node @returns {string} */
function leftmost(node) {
  if (!isNode(node)) return "";
  return typeof node.name === "string" ? node.name : leftmost(node.left ?? node.object);
}

/**
 * What a declaration refers to by name, and by `import("…")`.
 * @param {unknown} node
 * @param {string} file
 * @param {{ uses: Set<string>, imports: Place[] }} into
 */
function gather(node, file, into) {
  if (Array.isArray(node)) {
    for (const member of node) gather(member, file, into);
    return;
  }
  if (!isNode(node)) return;
  if (node.type === "TSTypeReference") into.uses.add(leftmost(node.typeName));
  else if (node.type === "TSTypeQuery") into.uses.add(leftmost(node.exprName));
  else if (node.type === "TSInterfaceHeritage" || node.type === "TSClassImplements")
    into.uses.add(leftmost(node.expression));
  else if (node.type === "TSImportType" && isNode(node.source) && typeof node.source.value === "string") {
    into.imports.push({ file: resolve(file, node.source.value), name: leftmost(node.qualifier) });
  }
  if (isNode(node.superClass)) into.uses.add(leftmost(node.superClass));
  for (const value of Object.values(node)) gather(value, file, into);
}

/** @param {string} file @returns {Module} */
function readModule(file) {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const source = readFileSync(file, "utf8");
  const { program, comments, errors } = parseSync(file, source, { astType: "ts" });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  /** @param {number} start @param {number} end */
  const textOf = (start, end) => {
    let text = "";
    let at = start;
    for (const comment of comments) {
      if (comment.start < start || comment.end > end) continue;
      text += source.slice(at, comment.start);
      at = comment.end;
    }
    return (text + source.slice(at, end)).replace(/^\s*\n/gm, "").replace(/[ \t]+$/gm, "");
  };
  /** @type {Module} */
  const module = { declarations: new Map(), imported: new Map(), exported: new Map(), wild: [] };
  /** @param {{ start: number, end: number, type: string }} declaration @param {string} name */
  const declare = (declaration, name) => {
    const found = { uses: new Set(), imports: [], text: textOf(declaration.start, declaration.end) };
    gather(declaration, file, found);
    module.declarations.set(name, [...(module.declarations.get(name) ?? []), found]);
  };
  for (const statement of program.body) {
    if (statement.type === "ImportDeclaration") {
      for (const specifier of statement.specifiers) {
        const name =
          specifier.type === "ImportSpecifier"
            ? leftmost(specifier.imported)
            : specifier.type === "ImportDefaultSpecifier"
              ? "default"
              : "*";
        module.imported.set(specifier.local.name, { file: resolve(file, statement.source.value), name });
      }
    } else if (statement.type === "ExportAllDeclaration") {
      module.wild.push(resolve(file, statement.source.value));
    } else {
      const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
      const isExported = statement.type === "ExportNamedDeclaration";
      if (isExported && declaration === null) {
        for (const { local, exported } of statement.specifiers) {
          const from = statement.source === null ? file : resolve(file, statement.source.value);
          module.exported.set(leftmost(exported), { file: from, name: leftmost(local) });
        }
      } else if (isNode(declaration)) {
        const names =
          declaration.type === "VariableDeclaration"
            ? declaration.declarations.map(({ id }) => leftmost(id))
            : "id" in declaration
              ? [leftmost(declaration.id)]
              : [];
        for (const name of names) {
          declare(declaration, name);
          if (isExported) module.exported.set(name, { file, name });
        }
      }
    }
  }
  modules.set(file, module);
  return module;
}

/**
 * Where a name that a module exports is declared; a place in another package when it is declared there.
 * @param {Place} place
 * @returns {Place | null}
 */
function declaredAt({ file, name }) {
  if (!existsSync(file)) return { file, name };
  const { declarations, exported, imported, wild } = readModule(file);
  const out = exported.get(name);
  if (out !== undefined && (out.file !== file || out.name !== name)) return declaredAt(out);
  if (declarations.has(name)) return { file, name };
  const brought = imported.get(name);
  if (brought !== undefined) return declaredAt(brought);
  for (const other of wild) {
    const found = declaredAt({ file: other, name });
    if (found !== null) return found;
  }
  return null;
}

/** @param {string} file @returns {string[]} */
function exportedNames(file) {
  const { exported, wild } = readModule(file);
  return [...exported.keys(), ...wild.flatMap(exportedNames)];
}

/** @param {Place} place */
const keyOf = ({ file, name }) => `${file}#${name}`;

/**
 * @param {string} folder of the package, which is built
 * @returns {string} the report in Markdown
 * @throws Error when the package is not built, or its types cannot be read
 */
export function apiReport(folder) {
  /** @type {{ name: string, exports: Record<string, { types?: string } | string> }} */
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const parts = [
    `# The API of ${manifest.name}`,
    "Made by `npm run api` from the compiled types; `npm run check:api` fails when it is out of date.",
  ];
  /** @type {Map<string, Place>} */
  const inner = new Map();
  /** @type {Set<string>} */
  const shown = new Set();
  /** @param {Place} place @param {string} name @returns {string} */
  const show = (place, name) => {
    if (!existsSync(place.file)) return `export { ${place.name} as ${name} } from "${place.file}";`;
    shown.add(keyOf(place));
    const { declarations, imported } = readModule(place.file);
    const found = declarations.get(place.name) ?? [];
    for (const { uses, imports } of found) {
      const local = [...uses].filter((used) => declarations.has(used) || imported.has(used));
      for (const used of [...local.map((used) => ({ file: place.file, name: used })), ...imports]) {
        const at = declaredAt(used);
        if (at !== null && existsSync(at.file)) inner.set(keyOf(at), at);
      }
    }
    const text = found.map((declaration) => declaration.text).join("\n");
    return name === place.name ? text : `// as ${name}\n${text}`;
  };
  for (const [entry, target] of Object.entries(manifest.exports)) {
    if (typeof target === "string" || target.types === undefined) continue;
    const file = join(folder, target.types);
    const names = [...new Set(exportedNames(file))].sort();
    const texts = names.map((name) => show(declaredAt({ file, name }) ?? { file, name }, name));
    parts.push(`## ${join(manifest.name, entry).split(sep).join("/")}`, fenced(texts));
  }
  /** @type {string[]} */
  const hidden = [];
  for (const [key, place] of inner) {
    if (shown.has(key)) continue;
    const from = relative(join(folder, "dist"), place.file)
      .split(sep)
      .join("/")
      .replace(/\.d\.ts$/, "");
    hidden.push(`// ${from}\n${show(place, place.name)}`);
  }
  if (hidden.length > 0) parts.push("## Not exported, but part of the above", fenced(hidden.sort()));
  return `${parts.join("\n\n")}\n`;
}

/** @param {string[]} texts */
function fenced(texts) {
  return `\`\`\`ts\n${texts.join("\n\n")}\n\`\`\``;
}

/**
 * @param {string} root
 * @returns {{ name: string, folder: string }[]} the packages that are published, by name
 */
export function publishedPackages(root) {
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }))
    .filter((manifest) => manifest.private !== true)
    .map(({ name, folder }) => ({ name, folder }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
