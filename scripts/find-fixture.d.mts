export type Fixture = "clients" | "docs" | "nextjs" | "nodes" | "oldestPeers" | "package";
export function fixture(name: Fixture): string;
export function isInstalled(name: Fixture): boolean;
