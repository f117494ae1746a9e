// The front page: for a visitor what this is, for a signed-in person what needs them. It stays right while it is open.

import { KeepFresh } from '#components/inbox/keep-fresh.client.tsx';
import { currentHome, currentInbox } from '#lib/next/home.ts';
import { Desk } from './desk.tsx';
import { Welcome } from './welcome.tsx';

export default async function HomePage() {
  // In this order: what happens in between makes the page look older than it is, and it is loaded once more; never newer.
  const inbox = await currentInbox();
  const home = await currentHome();
  if (home === null || inbox === null) return <Welcome />;
  return (
    <>
      <KeepFresh mark={inbox.mark} />
      <Desk home={home} />
    </>
  );
}
