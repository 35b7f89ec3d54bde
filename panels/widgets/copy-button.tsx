/** A button that copies: for one second after it worked its icon is a tick. */
import { useEffect, useState } from 'preact/hooks';
import { Pill, ToolButton } from './button';

const SHOWN = 1000;

interface CopyProps {
  label: string;
  /** As a pill in a pane, or in a toolbar. */
  as: 'pill' | 'tool';
  disabled?: boolean;
  /** @returns whether it was copied */
  copy(): Promise<boolean>;
}

export function CopyButton({ label, as, disabled, copy }: CopyProps) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), SHOWN);
    return () => clearTimeout(timer);
  }, [done]);
  const icon = done ? 'check' : 'copy';
  const onClick = () => void copy().then(setDone);
  if (as === 'tool') return <ToolButton icon={icon} label={label} disabled={disabled} onClick={onClick} />;
  return (
    <Pill icon={icon} disabled={disabled} onClick={onClick}>
      {label}
    </Pill>
  );
}
