export type Fixture = "nextjs" | "oldestPeers" | "package" | "docs";
export function fixture(name: Fixture): string;
export function isInstalled(name: Fixture): boolean;
