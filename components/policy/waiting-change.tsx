// Said where a change of the rules would begin, while another one is open: a project has one open change at a time.

export function WaitingChange({ project, version }: { project: string; version: number }) {
  return (
    <p>
      <a href={`/projects/${project}/policy/${version}`}>Policy {version}</a> waits for signatures. It must be signed or
      withdrawn before the next change.
    </p>
  );
}
