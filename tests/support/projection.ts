import type { Query } from '#runtime/store/database.ts'

/**
 * Folds every run's journal again and compares with what its row says. Returns what does not agree, one line per run:
 * a run has ended exactly if its status says so, is owned exactly while it runs, has journal rows 1, 2, 3… and its end
 * as the next, and has used what its steps used.
 */
export const findProjectionFaults = (query: Query): Promise<Record<string, unknown>[]> =>
  query(`
    with journal as (
      select run_id, seq, (usage->>'inputTokens')::int8 as input, (usage->>'outputTokens')::int8 as output from run_step
      union all select run_id, seq, null, null from run_source),
    folded as (
      select r.id, r.status, r.owner, r.error is null as fine, r.ended_at, r.end_seq, r.usage,
        coalesce(array_agg(j.seq order by j.seq) filter (where j.seq is not null), '{}') as seqs,
        coalesce(sum(j.input), 0) as input, coalesce(sum(j.output), 0) as output
      from run r left join journal j on j.run_id = r.id group by r.id, r.workspace_id)
    select * from folded f where
      (ended_at is null) is distinct from (status in ('queued', 'running', 'waiting'))
      or (status = 'queued') is distinct from (owner is null and ended_at is null)
      or (status = 'succeeded' and not fine) or (status = 'failed' and fine)
      or seqs <> array(select generate_series(1, cardinality(seqs)))
      or (ended_at is not null and end_seq is distinct from cardinality(seqs) + 1)
      or (ended_at is not null and ((usage->>'inputTokens')::int8, (usage->>'outputTokens')::int8) is distinct from (input, output))`)
