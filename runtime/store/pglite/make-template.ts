import { PGlite } from '@electric-sql/pglite'
import { hasTemplate, keepTemplate } from './template.ts'

// A worker thread's whole work: initdb computes for seconds, and nothing else in its thread would get on.
if (!(await hasTemplate())) {
  const database = await PGlite.create({ dataDir: 'memory://' })
  await keepTemplate(database)
  await database.close()
}
