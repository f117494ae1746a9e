'use server';
// The reader's own choice of theme: one cookie, set by the form in the foot of each page. Works without script.
// The value is hostile: anything but `light` and `dark` takes the cookie away, which means the system decides.

import { cookies } from 'next/headers';

const yearSeconds = 365 * 24 * 60 * 60;

/** Keeps the theme of the field `theme`; the page is rendered again in it. */
export async function chooseTheme(form: FormData): Promise<void> {
  const chosen = form.get('theme');
  const jar = await cookies();
  if (chosen !== 'light' && chosen !== 'dark') {
    jar.delete('theme');
    return;
  }
  jar.set('theme', chosen, { path: '/', maxAge: yearSeconds, sameSite: 'lax', httpOnly: true });
}
