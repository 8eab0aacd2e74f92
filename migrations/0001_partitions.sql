-- The first UUIDv7 of a moment. Ranges of run ids are ranges of time.
create function uuid_at(moment timestamptz) returns uuid language sql immutable strict as $fn$
  select (rpad(lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0'), 32, '0'))::uuid
$fn$;
--> statement-breakpoint
-- Makes the weekly partitions from the week of `since` on, `weeks` of them; those that exist stay. A partition is filled
-- from the default one before it is attached, so rows that came while it was missing move to their place. Attaching
-- (unlike `create table … partition of`) does not lock readers and writers out of the parent.
create function ensure_run_partitions(since timestamptz, weeks integer) returns integer language plpgsql as $fn$
declare
  parent text;
  id_column text;
  week timestamptz;
  part text;
  made integer := 0;
begin
  for i in 0 .. weeks - 1 loop
    week := (date_trunc('week', since at time zone 'UTC') + i * interval '1 week') at time zone 'UTC';
    foreach parent in array array['run', 'run_step', 'run_source', 'run_artifact'] loop
      part := parent || to_char(week at time zone 'UTC', '"_w"YYYYMMDD');
      continue when to_regclass(part) is not null;
      id_column := case parent when 'run' then 'id' else 'run_id' end;
      execute format('create table %I (like %I including all)', part, parent);
      execute format('with moved as (delete from %I where %I >= %L and %I < %L returning *) insert into %I select * from moved',
        parent || '_default', id_column, uuid_at(week), id_column, uuid_at(week + interval '1 week'), part);
      execute format('alter table %I attach partition %I for values from (%L) to (%L)',
        parent, part, uuid_at(week), uuid_at(week + interval '1 week'));
      made := made + 1;
    end loop;
  end loop;
  return made;
end $fn$;
--> statement-breakpoint
-- Drops the weeks that ended before `before` and hold no run that still has to end. Returns the weeks that are gone.
create function drop_run_partitions(before timestamptz) returns setof text language plpgsql as $fn$
declare
  part text;
  week timestamptz;
  living boolean;
begin
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'run'::regclass and c.relname ~ '^run_w[0-9]{8}$' order by c.relname
  loop
    week := to_timestamp(right(part, 8) || ' UTC', 'YYYYMMDD "UTC"')::timestamp at time zone 'UTC';
    continue when week + interval '1 week' > before;
    execute format('select exists (select from %I where ended_at is null)', part) into living;
    continue when living;
    execute format('drop table %I', replace(part, 'run_w', 'run_step_w'));
    execute format('drop table %I', replace(part, 'run_w', 'run_source_w'));
    execute format('drop table %I', replace(part, 'run_w', 'run_artifact_w'));
    execute format('drop table %I', part);
    return next right(part, 8);
  end loop;
end $fn$;
--> statement-breakpoint
create table run_default partition of run default;
--> statement-breakpoint
create table run_step_default partition of run_step default;
--> statement-breakpoint
create table run_source_default partition of run_source default;
--> statement-breakpoint
create table run_artifact_default partition of run_artifact default;
--> statement-breakpoint
-- A workspace and the sequence of its run numbers.
create function create_workspace(workspace_id text, workspace_name text) returns void language plpgsql as $fn$
declare
  sequence_name text := 'run_number_' || md5(workspace_id);
begin
  execute format('create sequence if not exists %I', sequence_name);
  insert into workspace (id, name, run_sequence) values (workspace_id, workspace_name, sequence_name) on conflict do nothing;
end $fn$;
--> statement-breakpoint
select create_workspace('local', 'Local');
