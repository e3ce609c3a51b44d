export type Fixture = "nextjs" | "oldestPeers";
export function fixture(name: Fixture): string;
export function isInstalled(name: Fixture): boolean;
