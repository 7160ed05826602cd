import { ChevronDown } from 'lucide-react';
import { Button } from './button';
import styles from './toggle-button.module.css';

export interface ToggleButtonProps {
  /** What the button opens. */
  readonly label: string;
  readonly isOpened: boolean;
  readonly onToggle: () => void;
}

export function ToggleButton({ label, isOpened, onToggle }: ToggleButtonProps) {
  return (
    <Button
      icon
      className={styles.toggle}
      aria-expanded={isOpened}
      aria-label={label}
      onClick={onToggle}
    >
      <ChevronDown size={16} aria-hidden />
    </Button>
  );
}
