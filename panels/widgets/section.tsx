/** A part of a tab with a head that opens and closes it; the choice is remembered by name. */
import type { ComponentChildren } from 'preact';
import type { Settings } from '../settings/settings';
import { Guard } from './guard';
import { Icon } from './icons';

interface SectionProps {
  /** Under this name the open state is remembered. */
  id: string;
  title: string;
  /** At the right end of the head. */
  note?: ComponentChildren;
  /** Beside the title, e.g. a toggle. */
  extra?: ComponentChildren;
  /** Open at first. */
  open?: boolean;
  /** Takes what height is left. */
  grows?: boolean;
  /** Its body scrolls when height is short, but it keeps this much if the pane has it; CSS pixels. */
  shrinksTo?: number;
  settings: Settings;
  children: ComponentChildren;
}

export function Section({ id, title, note, extra, open = true, grows, shrinksTo, settings, children }: SectionProps) {
  const isOpen = settings.sections.value[id] ?? open;
  const body = `section-${id}`;
  return (
    <section
      class={`section ${grows && isOpen ? 'grows' : ''} ${shrinksTo !== undefined && isOpen ? 'shrinks' : ''}`}
      style={shrinksTo === undefined ? undefined : { '--least': `${shrinksTo}px` }}
      aria-label={title}
    >
      <div class="section-head">
        <button
          type="button"
          class="fold"
          aria-expanded={isOpen}
          aria-controls={body}
          onClick={() => {
            settings.sections.value = { ...settings.sections.value, [id]: !isOpen };
          }}
        >
          <Icon name="triangle" size={14} class={isOpen ? '' : 'closed'} />
          <h2>{title}</h2>
        </button>
        {extra}
        {note && <span class="note">{note}</span>}
      </div>
      {isOpen && (
        <div class="section-body" id={body}>
          <Guard name={title}>{children}</Guard>
        </div>
      )}
    </section>
  );
}
