// What TypeScript may know of postgres.mjs.
export function postgresFolder(): string | null;
export function openPostgresForTests(): Promise<{ url: string; close: () => Promise<void> }>;
