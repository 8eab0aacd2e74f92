import { expect, test } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { DatabaseError } from '#runtime/store/database-error.ts'
import { migrate } from '#runtime/store/migrate.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { openPglite } from '#runtime/store/pglite/open.ts'
import { openPostgres } from '#runtime/store/postgres.ts'
import { eachDatabase, openOnce } from '#tests/support/databases.ts'

/** Without migrating. */
const openPlain = (place: { url: string } | { folder: string }): Promise<Database> | Database =>
  'url' in place ? openPostgres(place.url) : openPglite(place.folder)

eachDatabase('The database', (on) => {
  let database: Database
  openOnce(on, (opened) => {
    database = opened
  })

  test('gives the same values for every type that the store uses', async () => {
    const [row] = await database.query(
      `select 12::int8 as small, 9007199254740993::int8 as big, 1.50::numeric as exact, 1.5::float8 as float, 7::int2 as short,
         '2026-11-23 10:00:00.123+02'::timestamptz as moment, '{"b":1,"a":"10.5"}'::json as kept, '"10.5"'::jsonb as text,
         '{"b":1,"a":[null,true]}'::jsonb as sorted, '\\x00ff'::bytea as bytes, array[3,7] as path, '{}'::int[] as empty,
         '01a20a87-072b-7dd3-8a76-6a7a8530a4b7'::uuid as id, null::text as nothing, true as yes, array['a','b,"c','',null,'NULL','\\{}',E'\\n']::text[] as words, array[1.5,-2]::float8[] as floats,
         array[true,false] as bools, array[9007199254740993,1]::int8[] as bigs`,
    )
    expect(row).toEqual({
      small: 12,
      big: 9007199254740993n,
      exact: '1.50',
      float: 1.5,
      short: 7,
      moment: new Date('2026-11-23T08:00:00.123Z'),
      kept: { b: 1, a: '10.5' },
      text: '10.5',
      sorted: { a: [null, true], b: 1 },
      bytes: new Uint8Array([0, 255]),
      path: [3, 7],
      empty: [],
      id: '01a20a87-072b-7dd3-8a76-6a7a8530a4b7',
      nothing: null,
      yes: true,
      words: ['a', 'b,"c', '', null, 'NULL', '\\{}', '\n'],
      floats: [1.5, -2],
      bools: [true, false],
      bigs: [9007199254740993n, 1],
    })
    expect(JSON.stringify(row?.kept)).toBe('{"b":1,"a":"10.5"}')
  })

  test('takes the same parameters for every type that the store uses', async () => {
    const moment = new Date('2026-11-23T08:00:00.123Z')
    const [row] = await database.query(
      `select $1::json as text, $2::jsonb as object, $3::int8 as big, $4::timestamptz as moment, $5::bytea as bytes,
         $6::int[] as path, $7::text[] as words, $8::uuid[] as ids, $9::text as nothing, $10::bool as yes, $11::int8 as small,
         $12::int[] as empty`,
      [
        '{"b":1,"a":2}',
        { b: 1, a: '10.5' },
        9007199254740993n,
        moment,
        new Uint8Array([0, 255]),
        [3, 7],
        ['a', 'b,"c', '', null, 'NULL', '\\{}', '\n'],
        ['01a20a87-072b-7dd3-8a76-6a7a8530a4b7'],
        null,
        false,
        12,
        [],
      ],
    )
    expect(row).toEqual({
      text: { b: 1, a: 2 },
      object: { b: 1, a: '10.5' },
      big: 9007199254740993n,
      moment,
      bytes: new Uint8Array([0, 255]),
      path: [3, 7],
      words: ['a', 'b,"c', '', null, 'NULL', '\\{}', '\n'],
      ids: ['01a20a87-072b-7dd3-8a76-6a7a8530a4b7'],
      nothing: null,
      yes: false,
      small: 12,
      empty: [],
    })
  })

  test('reports a constraint by its SQLSTATE', async () => {
    const again = database.query(`insert into workspace (id, name, run_sequence) values ('local', '', '')`)
    await expect(again).rejects.toBeInstanceOf(DatabaseError)
    await expect(again).rejects.toMatchObject({ code: '23505', constraint: 'workspace_pkey' })
  })

  test('keeps a transaction whole and away from queries beside it', async () => {
    await database.query('create table mark (id int)')
    await expect(
      database.transaction(async (query) => {
        await query('insert into mark values (1)')
        expect(await query('select id from mark')).toEqual([{ id: 1 }])
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    const kept = database.transaction(async (query) => {
      await query('insert into mark values (2)')
      await query('select pg_sleep(0.05)')
      return ['kept']
    })
    const during = database.query('select id from mark where id = 1')
    expect(await kept).toEqual(['kept'])
    expect(await during).toEqual([])
    expect(await database.query('select id from mark')).toEqual([{ id: 2 }])
  })

  test('commits nothing of a transaction in which a statement failed, even if the caller went on', async () => {
    await database.query('create table tried (id int primary key)')
    const tried = database.transaction(async (query) => {
      await query('insert into tried values (1)')
      await query('insert into tried values (1)').catch(() => undefined)
    })
    await expect(tried).rejects.toBeInstanceOf(DatabaseError)
    expect(await database.query('select id from tried')).toEqual([])
  })

  test('says so when the outer database is used inside a transaction', async () => {
    const wrong = database.transaction(async () => database.query('select 1'))
    await expect(wrong).rejects.toThrow('Use the `query` that the transaction gives')
  })

  test('passes notifications on until told to stop', async () => {
    const heard: string[] = []
    let told = () => {}
    const first = new Promise<void>((resolve) => {
      told = resolve
    })
    const stop = await database.listen('store_test', (payload) => {
      heard.push(payload)
      told()
    })
    await database.query(`select pg_notify('store_test', 'one')`)
    await first
    await stop()
    await database.query(`select pg_notify('store_test', 'two')`)
    await database.query('select 1')
    expect(heard).toEqual(['one'])
  })

  test('migrates again without changing anything', async () => {
    const before = await database.query('select tag, applied_at from patchbay_migration order by tag')
    await migrate(database)
    expect(await database.query('select tag, applied_at from patchbay_migration order by tag')).toEqual(before)
  })

  test('refuses a database of a newer version, and one of another development version', async () => {
    const place = await on.place()
    const newer = await openDatabase(place)
    await newer.query(`insert into patchbay_migration (tag) values ('9999_future')`)
    await newer.close()
    await expect(openDatabase(place)).rejects.toThrow('newer Patchbay (9999_future)')
    const again = await openPlain(place)
    await again.query(`delete from patchbay_migration where tag = '9999_future'`)
    await again.query(`update patchbay_migration set digest = 'x' where tag = '0002_journal'`)
    await again.close()
    await expect(openDatabase(place)).rejects.toThrow('unreleased Patchbay whose tables were different (0002_journal)')
  })
})
