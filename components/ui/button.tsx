// Buttons and links that look like buttons. One `primary` a page; `danger` for what cannot be undone; `quiet` beside data.

import type { ButtonHTMLAttributes, ReactNode } from 'react';

export type ButtonLook = 'primary' | 'plain' | 'danger' | 'quiet';

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { look?: ButtonLook };

/** A button. In a form that posts, `SubmitButton` also says that it is working. */
export function Button({ look = 'plain', type = 'button', className = '', ...rest }: ButtonProps) {
  return <button {...rest} type={type} className={`button ${className}`} data-look={look} />;
}

/** A link to another place, for the one next step of a page. */
export function ButtonLink({
  href,
  look = 'plain',
  children,
}: {
  href: string;
  look?: ButtonLook;
  children: ReactNode;
}) {
  return (
    <a href={href} className="button" data-look={look}>
      {children}
    </a>
  );
}

/** The row at the end of a form or page where its buttons stand. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="actions">{children}</div>;
}
