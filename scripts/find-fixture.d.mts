export type Fixture = "clients" | "nextjs" | "oldestPeers" | "package";
export function fixture(name: Fixture): string;
export function isInstalled(name: Fixture): boolean;
