import type { ComponentProps } from 'react';
import styles from './button.module.css';

export interface ButtonProps extends ComponentProps<'button'> {
  /** Whether it is a square without a frame that shows an icon. It then needs an `aria-label`. */
  readonly icon?: boolean;
}

export function Button({ icon = false, className, ...props }: ButtonProps) {
  const classes = [styles.button, icon && styles.icon, className].filter(Boolean).join(' ');
  return <button type="button" className={classes} {...props} />;
}
