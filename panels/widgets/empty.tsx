/** A tab that has nothing to show says why: icon, one bold line, at most two lines of text, one or two buttons. */
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icons';

interface EmptyProps {
  icon: IconName;
  tone?: 'plain' | 'good' | 'bad' | 'warn';
  title: string;
  text: string;
  children?: ComponentChildren;
}

export function Empty({ icon, tone = 'plain', title, text, children }: EmptyProps) {
  return (
    <div class="empty">
      <div class={`empty-icon tone-${tone}`}>
        <Icon name={icon} />
      </div>
      <h2>{title}</h2>
      <p>{text}</p>
      {children && <div class="pills">{children}</div>}
    </div>
  );
}
