export const nextApp: string;
export function isNextInstalled(): boolean;
