// A few sentences that stand apart from the page: what happened, or what to know before going on.

import type { ReactNode } from 'react';
import { Shape, type ShapeName } from './shape.tsx';

export type Tone = 'plain' | 'accent' | 'good' | 'warning' | 'danger';

const shapes: Record<Tone, ShapeName> = {
  plain: 'bar',
  accent: 'half',
  good: 'tick',
  warning: 'triangle',
  danger: 'cross',
};

type NoticeProps = { tone?: Tone; title: string; children?: ReactNode; live?: boolean };

/** `live` for one that appears after something was done: screen readers say it at once. */
export function Notice({ tone = 'plain', title, children, live = false }: NoticeProps) {
  return (
    <div className="notice" data-tone={tone} role={live ? 'status' : undefined}>
      <Shape name={shapes[tone]} />
      <div>
        <p className="notice-title">{title}</p>
        {children}
      </div>
    </div>
  );
}
