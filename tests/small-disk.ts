/** A file system of a few hundred kilobytes, for what happens when a disk is full. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CHUNK = Buffer.alloc(4_096);

export interface SmallDisk {
  readonly folder: string;
  /** Leaves no room at all. */
  readonly fill: () => void;
  readonly free: () => void;
  /** Read-only or not; only while nobody has a file of it open for writing. */
  readonly remount: (mode: 'ro' | 'rw') => void;
  readonly remove: () => void;
}

/** Whether this user may mount one: root of a machine or of a container that is allowed to. */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(path.join(tmpdir(), 'sightline-mount-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  if (status === 0) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return status === 0;
}

export function mountSmallDisk(size = '2m'): SmallDisk {
  const folder = mkdtempSync(path.join(tmpdir(), 'sightline-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  const filler = path.join(folder, 'filler');
  return {
    folder,
    fill: () => fillUp(filler),
    free: () => rmSync(filler, { force: true }),
    remount: (mode) => void execFileSync('mount', ['-o', `remount,${mode}`, folder]),
    remove: () => {
      // Lazily: a process that is ending may hold files for a moment.
      execFileSync('umount', ['--lazy', folder]);
      if (existsSync(folder)) rmSync(folder, { recursive: true });
    },
  };
}

function fillUp(file: string): void {
  try {
    for (;;) appendFileSync(file, CHUNK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
