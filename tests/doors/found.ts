// Every door of the program, found in the files themselves: pages and route handlers below app/, exported server actions wherever they
// are, and what web/ answers before Next. Nobody has to remember to list a door: it is found, and then it must stand in the table.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.join(import.meta.dirname, '..', '..');

function sources(folder: string): { file: string; tree: ts.SourceFile }[] {
  const entries = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort()
    .map((file) => ({ file, tree: parse(file) }));
}

const parse = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true);

function* nodesIn(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesIn(child);
}

/** Names under which a module exports something that runs (types are none). */
function exportedNames(tree: ts.SourceFile): string[] {
  return tree.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) return listedNames(statement);
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isFunctionDeclaration(statement)) return [statement.name?.text ?? 'default'];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  });
}

function listedNames({ exportClause, isTypeOnly }: ts.ExportDeclaration): string[] {
  if (isTypeOnly || exportClause === undefined || !ts.isNamedExports(exportClause)) return [];
  return exportClause.elements.map(({ name }) => name.text);
}

const isDirective = (node: ts.Node | undefined, words: string): boolean =>
  node !== undefined &&
  ts.isExpressionStatement(node) &&
  ts.isStringLiteral(node.expression) &&
  node.expression.text === words;

/** The address that a folder of app/ stands for: groups in brackets are no part of it. */
const addressOf = (file: string): string =>
  `/${path
    .dirname(path.relative('app', file))
    .split(path.sep)
    .filter((part) => part !== '.' && !/^\(.*\)$/.test(part))
    .join('/')}`;

/** Files of app/ that Next serves by their name alone. */
const ofNext = /^(?:icon|apple-icon|favicon|robots|sitemap|manifest|opengraph-image|twitter-image)\d*\.\w+$/;

function findPages(): string[] {
  const app = sources('app');
  const pages = app.filter(({ file }) => /^page\.tsx?$/.test(path.basename(file)));
  const handlers = app.filter(({ file }) => /^route\.tsx?$/.test(path.basename(file)));
  const named = readdirSync(path.join(root, 'app'), { recursive: true, encoding: 'utf8' });
  return [
    ...pages.map(({ file }) => `page ${addressOf(file)}`),
    ...handlers.flatMap(({ file, tree }) => exportedNames(tree).map((method) => `route ${method} ${addressOf(file)}`)),
    ...named.filter((file) => ofNext.test(path.basename(file))).map((file) => `page /${file}`),
  ];
}

function findActions(): string[] {
  return ['app', 'components', 'lib/next'].flatMap(sources).flatMap(({ file, tree }) => {
    if (isDirective(tree.statements[0], 'use server'))
      return exportedNames(tree).map((name) => `action ${file} ${name}`);
    // An action inside a component has no name that a table could hold.
    const hidden = [...nodesIn(tree)].some((node) => isDirective(node, 'use server'));
    return hidden ? [`action ${file} (inside a function: move it to a file of actions)`] : [];
  });
}

/** Each pattern of an address in web/; of a handler without one, the file. */
function findAddresses(): string[] {
  return sources('web').flatMap(({ file, tree }) => {
    const patterns = [...nodesIn(tree)].filter(ts.isRegularExpressionLiteral).map((node) => node.text);
    const doors = patterns.filter((pattern) => pattern.startsWith(String.raw`/^\/`));
    const answers = /\bOwnRoute\b/.test(tree.text) && exportedNames(tree).some((name) => /Route$|^serve/.test(name));
    if (doors.length === 0) return answers ? [`address ${file}`] : [];
    return doors.map((pattern) => `address ${file} ${pattern}`);
  });
}

/** All doors, each spelled as in the table. */
export const findDoors = (): string[] => [...findPages(), ...findActions(), ...findAddresses()].sort();

/** Ways in that this search does not know, and that the architecture excludes: they must not appear. */
export const findStrangeDoors = (): string[] =>
  readdirSync(root).filter((name) => /^(?:middleware|proxy)\.[jt]s$|^pages$/.test(name));
