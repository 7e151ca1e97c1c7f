// Many events in a moment make one reading.

/**
 * Calls `work` at most once per `interval`, and never two at a time; a call that comes meanwhile makes one more
 * afterwards. The first comes at once.
 */
export function coalesce(work: () => Promise<void>, interval = 250): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let running = false;
  let again = false;
  let lastAt = -Infinity;

  async function run(): Promise<void> {
    timer = null;
    running = true;
    again = false;
    lastAt = Date.now();
    try {
      await work();
    } finally {
      running = false;
      if (again) {
        plan();
      }
    }
  }

  function plan(): void {
    if (running) {
      again = true;
    } else if (timer === null) {
      timer = setTimeout(() => void run(), Math.max(0, lastAt + interval - Date.now()));
    }
  }

  return plan;
}
