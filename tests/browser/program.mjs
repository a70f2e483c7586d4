// Runs a program of the build on a free port, in a directory of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

// Generous, because the machine may be busy: they end a test that hangs, and nothing waits for them.
const startMs = 60_000;
const stopMs = 60_000;

export class Program {
  /** Starts `path` and returns once it serves. `environment` is added to this process's, `args` to the command line. */
  static async start(path, environment = {}, args = []) {
    const directory = await mkdtemp(join(tmpdir(), 'hxx-browser-'));
    const child = spawn(path, ['--port', '0', '--workers', '1', ...args], {
      cwd: directory,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const program = new Program(path, directory, child);
    const killer = setTimeout(() => child.kill('SIGKILL'), startMs);
    try {
      program.url = await program.#listening();
    } finally {
      clearTimeout(killer);
    }
    return program;
  }

  constructor(path, directory, child) {
    this.path = path;
    this.directory = directory;
    this.child = child;
    this.log = '';
    child.stderr.on('data', (data) => (this.log += data));
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with status ${code}`));
    });
  }

  /** Stops it as a service manager would. Throws unless it ends cleanly. */
  async stop() {
    this.child.kill('SIGTERM');
    const killer = setTimeout(() => this.child.kill('SIGKILL'), stopMs);
    const ending = await this.ended;
    clearTimeout(killer);
    await rm(this.directory, { recursive: true, force: true });
    if (ending !== 'ended with status 0') throw new Error(`after SIGTERM ${this.path} ${ending}; its log:\n${this.log}`);
  }

  async #listening() {
    for await (const line of createInterface({ input: this.child.stdout })) {
      const match = /^Listening on (http:\S+)$/.exec(line);
      if (match) return match[1];
    }
    const ending = await this.ended;
    throw new Error(`${this.path} did not serve within ${startMs / 1000} s, it ${ending}; its log:\n${this.log}`);
  }
}
