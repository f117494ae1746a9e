// Where the Prisma tools find schema and migrations. The connection is chosen at run time (lib/server/db/client.ts).
import { defineConfig } from 'prisma/config';

export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } });
