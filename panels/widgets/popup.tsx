/**
 * A button with a list below it: menus (deeds) and list boxes (choices). Arrow keys, Home, End and first letters move,
 * Esc closes and gives the focus back.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

export interface PopupItem {
  id: string;
  label: ComponentChildren;
  /** For typing and for screen readers where the label is not text. */
  text: string;
  /** Shown above the first item that has it. */
  group?: string;
  checked?: boolean;
  dim?: boolean;
  onChoose(): void;
}

interface PopupProps {
  /** Accessible name of button and list. */
  name: string;
  class?: string;
  button: ComponentChildren;
  items: PopupItem[];
  /** `listbox` to choose one of several, `menu` to do something. */
  as: 'menu' | 'listbox';
  /** Opened from outside, by a key. */
  hotkey?: string;
  align?: 'left' | 'right';
}

export function Popup({ name, class: more = '', button, items, as, hotkey, align = 'left' }: PopupProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const close = (refocus: boolean) => {
    setOpen(false);
    if (refocus) root.current?.querySelector('button')?.focus();
  };
  useEffect(() => {
    if (!open) return;
    place(root.current, align);
    const list = root.current?.querySelectorAll<HTMLElement>('[data-item]') ?? [];
    ([...list].find((item) => item.dataset.item === 'checked') ?? list[0])?.focus();
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) close(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    const list = [...(root.current?.querySelectorAll<HTMLElement>('[data-item]') ?? [])];
    const next = nextItem(event.key, list.indexOf(document.activeElement as HTMLElement), items);
    if (event.key === 'Escape' || event.key === 'Tab') close(event.key === 'Escape');
    else if (next >= 0) list[next]?.focus();
    else return;
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={root} role="presentation" class={`popup ${more}`} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="popup-button"
        title={name}
        aria-label={as === 'menu' ? name : undefined}
        aria-haspopup={as}
        aria-expanded={open}
        aria-controls={id}
        data-hotkey={hotkey}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div id={id} class="popup-list" popover="manual" {...{ role: as, 'aria-label': name }}>
          {items.map((item, i) => (
            <div key={item.id} role="presentation">
              {item.group && item.group !== items[i - 1]?.group && <div class="popup-group">{item.group}</div>}
              <button
                type="button"
                tabIndex={-1}
                class={`popup-item ${item.dim ? 'dim' : ''}`}
                data-item={item.checked ? 'checked' : 'item'}
                aria-label={item.text}
                {...(as === 'listbox'
                  ? { role: 'option', 'aria-selected': Boolean(item.checked) }
                  : { role: 'menuitem' })}
                onClick={() => {
                  close(true);
                  item.onChoose();
                }}
              >
                {item.label}
              </button>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** Shows the list in the top layer, where no pane can cut it off, below its button and within the window. */
function place(root: HTMLElement | null, align: 'left' | 'right'): void {
  const list = root?.querySelector<HTMLElement>('.popup-list');
  const at = root?.querySelector('button')?.getBoundingClientRect();
  if (!list || !at) return;
  list.showPopover();
  const { clientWidth, clientHeight } = document.documentElement;
  const left = align === 'right' ? at.right - list.offsetWidth : at.left;
  list.style.left = `${Math.max(4, Math.min(left, clientWidth - list.offsetWidth - 4))}px`;
  const below = clientHeight - at.bottom;
  const top = below >= list.offsetHeight || below >= at.top ? at.bottom : at.top - list.offsetHeight;
  list.style.top = `${Math.max(4, top)}px`;
  list.style.maxHeight = `${Math.max(below, at.top) - 8}px`;
}

/** @returns the item a key leads to, or -1 when the key leads nowhere */
function nextItem(key: string, at: number, items: PopupItem[]): number {
  const count = items.length;
  if (key === 'ArrowDown') return (at + 1) % count;
  if (key === 'ArrowUp') return (at - 1 + count) % count;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (key.length !== 1 || key === ' ') return -1;
  for (let i = 1; i <= count; i++) {
    const index = (at + i) % count;
    if (items[index].text.toLowerCase().startsWith(key.toLowerCase())) return index;
  }
  return -1;
}
