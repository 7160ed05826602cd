/** sightline-classify FOLDER --server URL > out.csv */
import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { askBatch, type Asking } from './ask';
import { openFile, openStandardOutput, type Output } from './output';
import { readOptions, USAGE, UsageError, type CliOptions } from './options';
import { findPictures, toBatches, type PictureFile } from './pictures';

const HELP = ['--help', '-h'];

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.some((argument) => HELP.includes(argument))) {
    console.info(USAGE);
    return 0;
  }
  try {
    return await classifyFolder(readOptions(args, process.env.SIGHTLINE_KEY));
  } catch (error) {
    console.error((error as Error).message);
    if (error instanceof UsageError) console.error(`\n${USAGE}`);
    return 2;
  }
}

async function classifyFolder(options: CliOptions): Promise<number> {
  const pictures = await findPictures(options.folder);
  const { output: file, format } = options;
  const output =
    file === undefined ? await openStandardOutput(format) : await openFile(file, format);
  const open = pictures.filter(({ name }) => !output.has(name));
  const bar = new SingleBar({
    stream: process.stderr,
    noTTYOutput: false,
    hideCursor: true,
    format: '{bar} {value} of {total} pictures, {eta_formatted} left {note}',
  });
  bar.start(pictures.length, pictures.length - open.length, { note: '' });
  try {
    const failed = await classifyAll(
      open,
      output,
      {
        options,
        wait: sleep,
        onWait: (seconds, reason) => bar.update({ note: `(waits ${seconds} s: ${reason})` }),
      },
      (count) => bar.increment(count, { note: '' }),
    );
    bar.stop();
    const kept = pictures.length - open.length;
    console.error(
      `${open.length - failed} classified, ${failed} failed, ${kept} had been done before`,
    );
    return failed > 0 ? 1 : 0;
  } finally {
    bar.stop();
  }
}

/** @returns how many pictures have a problem instead of a ranking */
async function classifyAll(
  open: readonly PictureFile[],
  output: Output,
  asking: Asking,
  onDone: (count: number) => void,
): Promise<number> {
  let failed = 0;
  for (const batch of toBatches(open)) {
    const rows = await askBatch(batch, asking);
    await output.write(rows);
    failed += rows.filter(({ problem }) => problem).length;
    onDone(rows.length);
  }
  return failed;
}
