// next-auth's address; what of it is reachable is decided in lib/next/auth.ts.

import { answerAuth } from '#lib/next/auth.ts';

export { answerAuth as GET, answerAuth as POST };
