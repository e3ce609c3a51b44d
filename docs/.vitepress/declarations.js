// Prints each public name of the built package, and each member, with the declaration that has it:
// `[{ entry, name, member? }, …]`. The tests look for them in the reference.
import ts from "typescript";

const dist = new URL("../../dist/", import.meta.url).pathname;
const files = ["index", "testing/index", "devtools/index"].map((entry) => `${dist}${entry}.d.ts`);
const program = ts.createProgram(files, {
  module: ts.ModuleKind.Preserve,
  skipLibCheck: true,
  strict: true,
});
const checker = program.getTypeChecker();

const symbolsOf = (file) =>
  checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)))
    .map((symbol) =>
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    );

/** The interface, class or type that a declaration is in. */
function ownerOf(declaration) {
  return ts.isSourceFile(declaration.parent) ? declaration : ownerOf(declaration.parent);
}

/** The declarations of all members, also those that are inherited. */
function membersOf(symbol) {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  return (type.isUnion() ? type.types : [type])
    .flatMap((each) => each.getProperties())
    .flatMap((property) => property.declarations ?? [])
    .filter((declaration) => declaration.getSourceFile().fileName.startsWith(dist))
    .filter((declaration) => !ts.isModuleDeclaration(ownerOf(declaration)));
}

const isAlias = (symbol) => (symbol.flags & ts.SymbolFlags.TypeAlias) !== 0;

/** The first public interface or class that shows a member: a type made of it only names that. */
const shownBy = new Map();
for (const symbol of files.flatMap(symbolsOf)) {
  for (const declaration of isAlias(symbol) ? [] : membersOf(symbol)) {
    if (!shownBy.has(declaration)) shownBy.set(declaration, symbol.name);
  }
}

function placeOf(declaration, symbol) {
  if (!isAlias(symbol)) return symbol.name;
  return shownBy.get(declaration) ?? ownerOf(declaration).name.text;
}

const found = files.flatMap((file) => {
  const entry = file.slice(dist.length, -".d.ts".length);
  return symbolsOf(file).flatMap((symbol) => [
    { entry, name: symbol.name },
    ...membersOf(symbol).map((declaration) => ({
      entry,
      name: placeOf(declaration, symbol),
      member: declaration.name.text,
    })),
  ]);
});
console.log(JSON.stringify(found));
