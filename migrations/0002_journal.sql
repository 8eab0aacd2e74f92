-- One tick of a process's journal in one statement: fence, run starts, steps, source chunks, run ends. The parameters are
-- written by runtime/store/journal/batch.ts. `runs` names the runs that the rows belong to, and rows say which one by its
-- position: epoch 0 means that it starts in this very flush and needs no fence of its own; a workspace is null where the
-- process does not know it. Steps come as one array per column, a column of nulls as '{}', and `outputs` as one JSON array:
-- 640 steps with 1 KB each cost 10 ms of the server's CPU so, and 14 ms as JSON objects.
-- Everything may arrive twice: after a lost connection the same batch is sent again, so what is there already, and alike,
-- counts as written. Answers null when there is nothing to say, else JSON: fenced, repeated [{r, to, same}], full [r], refused
-- [{r, why}], and numbers {r: number} of the runs that this call started.
-- Sequential scans and hash joins are off because the plans are cached while the tables are still small.
create function journal_flush(
  node_id uuid, node_epoch integer, snapshots text, keys text, starts text, queued integer,
  runs uuid[], epochs integer[], workspaces text[],
  step_runs integer[], nodes text[], paths text[], statuses text[], attempts smallint[], begun float8[], durations float8[],
  seqs integer[], outputs text, errors text[], usages text[], marks text[],
  sources text, source_count integer, ends text, end_count integer, artifacts text
) returns text language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $fn$
#variable_conflict use_column
declare
  -- Starts that must not be written: another run has their key, or the queue is full.
  dropped uuid[] := '{}';
  full_runs uuid[] := '{}';
  repeated json;
  numbers json;
  -- By position in `runs`: whether this process may write to it, and its workspace.
  live boolean[];
  homes text[];
  written integer;
  refused jsonb := '[]';
begin
  perform 1 from server_node where id = node_id and epoch = node_epoch and alive for share;
  if not found then return '{"fenced":true}'; end if;

  if snapshots <> '[]' then
    insert into snapshot as s (workspace_id, digest, document, files)
    select x.w, x.d, x.doc, x.files from json_to_recordset(snapshots::json) as x(w text, d text, doc json, files json)
    order by x.w, x.d
    on conflict (workspace_id, digest) do update set used_at = now() where s.used_at < now() - interval '6 hours';
  end if;

  if queued > 0 then
    select coalesce(array_agg(x.r), '{}') into full_runs
    from json_to_recordset(starts::json) as x(r uuid, w text, q boolean)
    where x.q and (select count(*) from (select from run o where o.workspace_id = x.w and o.status = 'queued' limit 10000) c) >= 10000;
  end if;

  if keys <> '[]' then
    -- In key order, so that two processes cannot wait for each other.
    insert into idempotency (workspace_id, trigger, key, body_digest, run_id)
    select x.w, x.t, x.k, x.d, x.r from json_to_recordset(keys::json) as x(r uuid, w text, t text, k text, d text)
    where x.r <> all (full_runs) order by x.w, x.t, x.k
    on conflict do nothing;
    select json_agg(json_build_object('r', x.r, 'to', i.run_id, 'same', i.body_digest = x.d)), coalesce(array_agg(x.r), '{}')
    into repeated, dropped
    from json_to_recordset(keys::json) as x(r uuid, w text, t text, k text, d text)
    join idempotency i on i.workspace_id = x.w and i.trigger = x.t and i.key = x.k
    where i.run_id <> x.r;
    -- A key that was used before answers with its run even when the queue is full.
    full_runs := array(select f from unnest(full_runs) f where f <> all (dropped));
  end if;
  dropped := dropped || full_runs;

  if starts <> '[]' then
    with made as (
    insert into run (id, workspace_id, number, pipeline_id, name, version, trigger, snapshot, input, output, error, usage,
      status, owner, run_epoch, priority, created_at, started_at, ended_at, end_seq)
    select x.r, x.w, nextval((select run_sequence from workspace where id = x.w)::regclass), x.p, x.n, x.v, x.t, x.s, x.i, x.eo, x.ee, x.eu,
      case when x.q then 'queued' else coalesce(x.es, 'running') end, case when x.q then null else node_id end,
      case when x.q then 0 else 1 end, coalesce(x.pr, 0), to_timestamp(x.at / 1000.0),
      case when x.q then null else to_timestamp(x.at / 1000.0) end, to_timestamp(x.ea / 1000.0), x.eq
    from json_to_recordset(starts::json) as x(r uuid, w text, p uuid, n text, v integer, t text, s text, i json, q boolean,
      pr smallint, at float8, es text, eo json, ee json, eu json, ea float8, eq integer)
    where x.r <> all (dropped)
    on conflict do nothing
    returning id, number)
    select json_object_agg(made.id, made.number) into numbers from made;
  end if;

  if runs <> '{}' then
    select
      array_agg(case when x.epoch = 0 then x.id <> all (dropped) else exists (
        select from run r where r.id = x.id and r.owner = node_id and r.run_epoch = x.epoch and r.ended_at is null) end order by x.i),
      array_agg(coalesce(x.home, (select r.workspace_id from run r where r.id = x.id)) order by x.i)
    into live, homes
    from unnest(runs, epochs, workspaces) with ordinality as x(id, epoch, home, i);
  end if;

  if step_runs <> '{}' then
    insert into run_step (run_id, workspace_id, node, path, status, attempt, started_at, ms, outputs, error, usage, mark, seq)
    select runs[x.i], homes[x.i], x.n, coalesce(x.p::integer[], '{}'), x.s, x.a, to_timestamp(x.b / 1000.0), x.ms,
      case when x.o::text = 'null' then null else x.o end, x.e::json, x.u::json, x.m, x.q
    from rows from (
      unnest(step_runs, nodes, paths, statuses, attempts, begun, durations, seqs, errors, usages, marks), json_array_elements(outputs::json)
    ) as x(i, n, p, s, a, b, ms, q, e, u, m, o)
    where live[x.i]
    on conflict do nothing;
    get diagnostics written = row_count;
    if written < cardinality(step_runs) then
      select refused || coalesce(jsonb_agg(distinct jsonb_build_object('r', runs[x.i], 'why',
        case when s.run_id is null then 'lost-run' else 'conflict' end)), '[]') into refused
      from rows from (unnest(step_runs, nodes, paths, statuses), json_array_elements(outputs::json)) as x(i, n, p, s, o)
      left join run_step s on s.run_id = runs[x.i] and s.node = x.n and s.path = coalesce(x.p::integer[], '{}')
      where runs[x.i] <> all (dropped)
        and (s.run_id is null or s.status <> x.s or coalesce(s.outputs::text, 'null') <> x.o::text);
    end if;
  end if;

  if artifacts <> '[]' then
    insert into run_artifact (run_id, workspace_id, sha256)
    select runs[x.r], homes[x.r], x.s from json_to_recordset(artifacts::json) as x(r integer, s text)
    where live[x.r]
    on conflict do nothing;
  end if;

  if source_count > 0 then
    insert into run_source (run_id, workspace_id, node, path, first, items, last, seq)
    select runs[x.r], homes[x.r], x.n, coalesce(x.p, '{}'), x.f, x.i, x.l, x.q
    from json_to_recordset(sources::json) as x(r integer, n text, p integer[], f integer, i json, l boolean, q integer)
    where live[x.r]
    on conflict do nothing;
    get diagnostics written = row_count;
    if written < source_count then
      select refused || coalesce(jsonb_agg(distinct jsonb_build_object('r', runs[x.r], 'why',
        case when s.run_id is null then 'lost-run' else 'conflict' end)), '[]') into refused
      from json_to_recordset(sources::json) as x(r integer, n text, p integer[], f integer, i json)
      left join run_source s on s.run_id = runs[x.r] and s.node = x.n and s.path = coalesce(x.p, '{}') and s.first = x.f
      where runs[x.r] <> all (dropped) and (s.run_id is null or s.items::text <> x.i::text);
    end if;
  end if;

  if end_count > 0 then
    update run r set status = x.s, output = x.o, error = x.e, usage = x.u, ended_at = to_timestamp(x.at / 1000.0), end_seq = x.q
    from json_to_recordset(ends::json) as x(r integer, s text, o json, e json, u json, at float8, q integer)
    where r.id = runs[x.r] and live[x.r] and r.ended_at is null;
    get diagnostics written = row_count;
    if written < end_count then
      select refused || coalesce(jsonb_agg(jsonb_build_object('r', runs[x.r], 'why', 'lost-run')), '[]') into refused
      from json_to_recordset(ends::json) as x(r integer, s text, q integer)
      left join run r on r.id = runs[x.r]
      where runs[x.r] <> all (dropped)
        and (r.id is null or r.owner is distinct from node_id or r.status <> x.s or r.end_seq is distinct from x.q);
    end if;
  end if;

  if numbers is null and repeated is null and full_runs = '{}' and refused = '[]' then return null; end if;
  return json_build_object('repeated', coalesce(repeated, '[]'), 'full', to_json(full_runs), 'refused', refused,
    'numbers', numbers)::text;
end $fn$;
