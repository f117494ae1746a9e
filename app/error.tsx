'use client';
// A page that failed: what happened, whether anything is lost, what to do now, and a reference to quote.

import { Actions, Button } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { PageHeading } from '#components/ui/page.tsx';

export default function PageFailed({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <>
      <PageHeading title="This page could not be shown" />
      <Notice tone="danger" title="Something went wrong on our side." live>
        <p>
          Nothing was changed by opening it.
          {error.digest === undefined ? '' : ` If it happens again, please quote ${error.digest}.`}
        </p>
      </Notice>
      <Actions>
        <Button look="primary" onClick={reset} data-needs-script>
          Try again
        </Button>
        <a href="/">To the front page</a>
      </Actions>
    </>
  );
}
