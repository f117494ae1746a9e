// The jobs loop: inside the web program with the embedded database, a process of its own (jobs/main.ts) with PostgreSQL.
// Runs all steps, then waits a few seconds or until a committed change of this process wakes it. A step that waits for strangers' machines runs
// beside the others, one of its kind at a time. Stops after the steps that are running. A fault is ours: it is told once a round, in one line,
// and the loop goes on.
import { makeBell } from '#lib/server/bell.ts';
import { stepNotes } from '#lib/server/health/note-step.ts';
import { limits } from '#lib/server/limits.ts';
import { log } from '#lib/server/log.ts';
import { openTransport, type Transport } from '#lib/server/mail/deliver.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { steps as allSteps, type Step } from './steps.ts';

export type Jobs = {
  /** Starts the next round now. */
  wake(): void;
  /** Resolves when the running step has ended and no other will start. */
  stop(): Promise<void>;
};

type Note = ReturnType<typeof stepNotes>;

const tell = (name: string, fault: unknown): void => {
  const said = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  log().error({ job: name, fault: said });
};

/** Starts the loop over an open runtime. */
export function startJobs(runtime: Runtime, steps: readonly Step[] = allSteps): Jobs {
  const transport = openTransport();
  const bell = makeBell();
  const note = stepNotes();
  let stopping = false;
  const besides = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const startBeside = (step: Step): void => {
    // What was queued while it ran may be too late for this run: it runs once more.
    if (besides.has(step.name)) return void again.add(step.name);
    const running = runStep(step, transport, note).finally(() => {
      besides.delete(step.name);
      if (again.delete(step.name) && !stopping) startBeside(step);
    });
    besides.set(step.name, running);
  };
  const round = async (): Promise<void> => {
    for (const step of steps) {
      if (stopping) return;
      if (step.beside === true) startBeside(step);
      else await runStep(step, transport, note);
    }
  };
  const running = (async () => {
    while (!stopping) {
      await round();
      if (!stopping) await bell.wait(limits.jobsPauseMs);
    }
  })();
  runtime.wake.jobs = bell.ring;
  return {
    wake: bell.ring,
    stop: async () => {
      stopping = true;
      runtime.wake.jobs = () => undefined;
      bell.ring();
      await running;
      await Promise.all(besides.values());
      transport.close();
    },
  };
}

async function runStep(step: Step, transport: Transport, note: Note): Promise<void> {
  const startedAt = performance.now();
  const fault = await step.run(transport).then(
    () => null,
    (thrown: unknown) => {
      tell(step.name, thrown);
      return thrown instanceof Error ? thrown.message : String(thrown);
    },
  );
  // A database that is away was told already, and must not end the loop.
  await note({ step: step.name, ms: performance.now() - startedAt, fault }).catch((thrown: unknown) => {
    if (fault === null) tell(step.name, thrown);
  });
}
