// No such page, or one that this reader may not know of: the same answer for both.

import type { Metadata } from 'next';
import { ButtonLink } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { PageHeading } from '#components/ui/page.tsx';

export const metadata: Metadata = { title: 'Nothing here' };

export default function NotFound() {
  return (
    <>
      <PageHeading title="There is nothing here" />
      <Empty
        title="The address may be mistyped, or the page is not yours to see"
        action={<ButtonLink href="/">To the front page</ButtonLink>}
      >
        If somebody sent you a link, sign in with the address they sent it to. Nothing was lost by coming here.
      </Empty>
    </>
  );
}
