// How much work something was, in milliseconds of processor time: a limit on it holds on a busy machine too, where wall time would lie.

/** Processor time that this process has used so far. */
export function spentMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
