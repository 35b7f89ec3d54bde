/** Buttons as DevTools has them: icon buttons of a toolbar, pills, and links that do something. */
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icons';

interface Common {
  onClick(): void;
  disabled?: boolean;
}

/** Icon with text beside it; where space is short only the icon stays and the words are its tooltip and name. */
export function ToolButton({ icon, label, bare, ...more }: Common & { icon: IconName; label: string; bare?: boolean }) {
  return (
    <button type="button" class={`tool ${bare ? 'bare' : ''}`} title={label} aria-label={label} {...more}>
      <Icon name={icon} />
      {!bare && <span class="words">{label}</span>}
    </button>
  );
}

export function Pill({
  icon,
  primary,
  children,
  ...more
}: Common & { icon?: IconName; primary?: boolean; children: ComponentChildren }) {
  return (
    <button type="button" class={`pill ${primary ? 'primary' : ''}`} {...more}>
      {icon && <Icon name={icon} size={16} />}
      {children}
    </button>
  );
}

/** A link in running text that does something here. */
export function TextLink({ children, title, onClick }: Common & { children: ComponentChildren; title?: string }) {
  return (
    <button
      type="button"
      class="link"
      title={title}
      onClick={(event) => {
        // The row around it would select itself and take the focus.
        event.stopPropagation();
        onClick();
      }}
    >
      {children}
    </button>
  );
}
