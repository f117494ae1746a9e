// A place with nothing in it yet: what it is for, and the one next step.

import type { ReactNode } from 'react';

type EmptyProps = { title: string; children: ReactNode; action?: ReactNode; level?: 2 | 3 };

export function Empty({ title, children, action, level = 2 }: EmptyProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <div className="empty">
      <Heading>{title}</Heading>
      <p>{children}</p>
      {action === undefined ? null : <div className="actions">{action}</div>}
    </div>
  );
}
