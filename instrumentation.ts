/**
 * Called by Next once when the server starts. Loading and warming up go on beside it, so that
 * health can say meanwhile that they do; wrong settings end the process with their names.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const [{ after }, { startServer, directRoutes }] = await Promise.all([
    import('next/server'),
    import('./lib/server'),
  ]);
  await startServer({ after, directRoutes });
}
