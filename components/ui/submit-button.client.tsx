'use client';
// The button that sends a form. While the answer is awaited it says so and cannot be pressed twice; without script it is a plain button.

import type { ReactNode } from 'react';
import { useFormStatus } from 'react-dom';
import { Button, type ButtonLook } from './button.tsx';

type SubmitButtonProps = {
  children: ReactNode;
  /** What the button says while the form is under way: "Signing in…". */
  busy?: string;
  look?: ButtonLook;
  name?: string;
  value?: string;
  disabled?: boolean;
  /** Under way by other means than React's own form handling. */
  isBusy?: boolean;
};

export function SubmitButton({
  children,
  busy = 'One moment…',
  look = 'primary',
  disabled = false,
  isBusy = false,
  ...rest
}: SubmitButtonProps) {
  const { pending: isPosting } = useFormStatus();
  const pending = isPosting || isBusy;
  return (
    <Button
      {...rest}
      type="submit"
      look={look}
      disabled={disabled}
      aria-disabled={pending}
      onClick={(event) => pending && event.preventDefault()}
    >
      {pending ? busy : children}
    </Button>
  );
}
