import type { ComponentProps } from 'react';
import styles from './button.module.css';

export interface ButtonProps extends ComponentProps<'button'> {
  /** A square without a frame, for a picture instead of words; give it an `aria-label`. */
  readonly icon?: boolean;
}

export function Button({ icon = false, className, ...props }: ButtonProps) {
  const classes = [styles.button, icon && styles.icon, className].filter(Boolean).join(' ');
  return <button type="button" className={classes} {...props} />;
}
