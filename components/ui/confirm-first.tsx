// Said before a form is filled in whose act needs a recent sign-in, so that nobody types in vain. The act itself is refused by its command.

import { Notice } from './notice.tsx';

export function ConfirmFirst({ here, what }: { here: string; what: string }) {
  return (
    <Notice tone="warning" title="First confirm that it is you.">
      <p>
        {what} needs a recent sign-in.{' '}
        <a href={`/account/confirm?${new URLSearchParams({ returnTo: here }).toString()}`}>Confirm that it is you</a>;
        you come back here.
      </p>
    </Notice>
  );
}
