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

/** The interface, class or type that a declaration is in. */
function ownerOf(declaration) {
  return ts.isSourceFile(declaration.parent) ? declaration : ownerOf(declaration.parent);
}

function membersOf(symbol) {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const isAlias = (symbol.flags & ts.SymbolFlags.TypeAlias) !== 0;
  return (type.isUnion() ? type.types : [type])
    .flatMap((each) => each.getProperties())
    .flatMap((property) => property.declarations ?? [])
    .filter((declaration) => declaration.getSourceFile().fileName.startsWith(dist))
    .map((declaration) => ({
      name: isAlias ? ownerOf(declaration).name.text : symbol.name,
      member: declaration.name.text,
    }));
}

const found = files.flatMap((file) =>
  checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)))
    .map((symbol) =>
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    )
    .flatMap((symbol) => [{ name: symbol.name }, ...membersOf(symbol)])
    .map((shown) => ({ entry: file.slice(dist.length, -".d.ts".length), ...shown })),
);
console.log(JSON.stringify(found));
