-- One tick of a process's journal in one statement: fence, run starts, steps, source chunks, run ends. The arrays are JSON
-- text, written by runtime/store/journal-rows.ts, which documents their short keys. `fresh_steps` belong to runs that start in this
-- very flush and need no fence of their own. Everything may arrive twice: after a lost connection the same batch is sent
-- again, so what is there already, and alike, counts as written.
-- Answers null when there is nothing to say, else JSON: fenced, repeated [{r, to, same}], full [r], refused [{r, why}], and
-- numbers {r: number} of the runs that this call started.
-- Sequential scans and hash joins are off because the plans are cached while the tables are still small.
create function journal_flush(
  node_id uuid, node_epoch integer, snapshots text, keys text, starts text, queued integer, fresh_steps text,
  run_ids uuid[], run_epochs integer[], steps text, step_count integer, sources text, source_count integer,
  ends text, end_count integer
) returns text language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $fn$
#variable_conflict use_column
declare
  -- Starts that must not be written: another run has their key, or the queue is full.
  dropped uuid[] := '{}';
  full_runs uuid[] := '{}';
  repeated json;
  numbers json;
  live uuid[];
  -- Of each of them, for rows of claimed runs, whose process was not told.
  live_workspaces text[];
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

  if fresh_steps <> '[]' then
    insert into run_step (run_id, workspace_id, node, path, status, attempt, started_at, ms, outputs, error, usage, mark, seq)
    select x.r, x.w, x.n, coalesce(x.p, '{}'), x.s, x.a, to_timestamp(x.b / 1000.0), x.ms, x.o, x.e, x.u, x.m, x.q
    from json_to_recordset(fresh_steps::json) as x(r uuid, w text, n text, p integer[], s text, a smallint, b float8, ms float8,
      o json, e json, u json, m text, q integer)
    where x.r <> all (dropped)
    on conflict do nothing;
  end if;

  if run_ids <> '{}' then
    select coalesce(array_agg(r.id), '{}'), coalesce(array_agg(r.workspace_id), '{}') into live, live_workspaces
    from unnest(run_ids, run_epochs) as x(id, epoch)
    join run r on r.id = x.id and r.owner = node_id and r.run_epoch = x.epoch and r.ended_at is null;

    if step_count > 0 then
      insert into run_step (run_id, workspace_id, node, path, status, attempt, started_at, ms, outputs, error, usage, mark, seq)
      select x.r, coalesce(x.w, live_workspaces[array_position(live, x.r)]), x.n, coalesce(x.p, '{}'), x.s, x.a, to_timestamp(x.b / 1000.0), x.ms, x.o, x.e, x.u, x.m, x.q
      from json_to_recordset(steps::json) as x(r uuid, w text, n text, p integer[], s text, a smallint, b float8, ms float8,
        o json, e json, u json, m text, q integer)
      where x.r = any (live)
      on conflict do nothing;
      get diagnostics written = row_count;
      if written < step_count then
        select refused || coalesce(jsonb_agg(distinct jsonb_build_object('r', x.r, 'why',
          case when s.run_id is null then 'lost-run' else 'conflict' end)), '[]') into refused
        from json_to_recordset(steps::json) as x(r uuid, n text, p integer[], s text, o json, e json)
        left join run_step s on s.run_id = x.r and s.node = x.n and s.path = coalesce(x.p, '{}')
        where s.run_id is null or s.status <> x.s or s.outputs::text is distinct from x.o::text;
      end if;
    end if;

    if source_count > 0 then
      insert into run_source (run_id, workspace_id, node, path, first, items, last, seq)
      select x.r, coalesce(x.w, live_workspaces[array_position(live, x.r)]), x.n, coalesce(x.p, '{}'), x.f, x.i, x.l, x.q
      from json_to_recordset(sources::json) as x(r uuid, w text, n text, p integer[], f integer, i json, l boolean, q integer)
      where x.r = any (live)
      on conflict do nothing;
      get diagnostics written = row_count;
      if written < source_count then
        select refused || coalesce(jsonb_agg(distinct jsonb_build_object('r', x.r, 'why',
          case when s.run_id is null then 'lost-run' else 'conflict' end)), '[]') into refused
        from json_to_recordset(sources::json) as x(r uuid, n text, p integer[], f integer, i json)
        left join run_source s on s.run_id = x.r and s.node = x.n and s.path = coalesce(x.p, '{}') and s.first = x.f
        where s.run_id is null or s.items::text is distinct from x.i::text;
      end if;
    end if;

    if end_count > 0 then
      update run r set status = x.s, output = x.o, error = x.e, usage = x.u, ended_at = to_timestamp(x.at / 1000.0), end_seq = x.q
      from json_to_recordset(ends::json) as x(r uuid, s text, o json, e json, u json, at float8, q integer)
      where r.id = x.r and x.r = any (live) and r.ended_at is null;
      get diagnostics written = row_count;
      if written < end_count then
        select refused || coalesce(jsonb_agg(jsonb_build_object('r', x.r, 'why', 'lost-run')), '[]') into refused
        from json_to_recordset(ends::json) as x(r uuid, s text, q integer)
        left join run r on r.id = x.r
        where r.id is null or r.owner is distinct from node_id or r.status <> x.s or r.end_seq is distinct from x.q;
      end if;
    end if;
  end if;

  if numbers is null and repeated is null and full_runs = '{}' and refused = '[]' then return null; end if;
  return json_build_object('repeated', coalesce(repeated, '[]'), 'full', to_json(full_runs), 'refused', refused,
    'numbers', numbers)::text;
end $fn$;
