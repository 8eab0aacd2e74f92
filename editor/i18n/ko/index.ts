import canvas from './canvas.json' with { type: 'json' }
import deployments from './deployments.json' with { type: 'json' }
import dock from './dock.json' with { type: 'json' }
import document from './document.json' with { type: 'json' }
import errors from './errors.json' with { type: 'json' }
import failures from './failures.json' with { type: 'json' }
import faults from './faults.json' with { type: 'json' }
import help from './help.json' with { type: 'json' }
import home from './home.json' with { type: 'json' }
import inspector from './inspector.json' with { type: 'json' }
import models from './models.json' with { type: 'json' }
import palette from './palette.json' with { type: 'json' }
import problems from './problems.json' with { type: 'json' }
import runs from './runs.json' with { type: 'json' }
import settings from './settings.json' with { type: 'json' }
import shell from './shell.json' with { type: 'json' }
import ui from './ui.json' with { type: 'json' }
import workers from './workers.json' with { type: 'json' }

/** All texts of this language; a new area is a file here and its line. */
export const messages = {
  ...canvas,
  ...deployments,
  ...dock,
  ...document,
  ...errors,
  ...failures,
  ...faults,
  ...help,
  ...home,
  ...inspector,
  ...models,
  ...palette,
  ...problems,
  ...runs,
  ...settings,
  ...shell,
  ...ui,
  ...workers,
}
