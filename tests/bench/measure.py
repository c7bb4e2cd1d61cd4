"""measure.py: runs programs in turn and says what each cost."""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Run:
    """One program that has ended."""

    code: int
    out: str
    err: str
    wall_s: float
    cpu_s: float
    rss_bytes: int
    started_ns: int  # CLOCK_MONOTONIC, just before it was started
    started_wall_ns: int
    result: dict = field(default_factory=dict)


class Failure(Exception):
    """A benchmark that could not be measured; its words are for the reader."""


def busy_ticks():
    """Time all cores have worked so far, in clock ticks."""
    with open("/proc/stat", encoding="ascii") as stat:
        values = [int(word) for word in stat.readline().split()[1:]]
    return sum(values[:3]) + sum(values[5:8])  # without idle and waiting for disks


def process_ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        words = stat.read().rsplit(")", 1)[1].split()
    return int(words[11]) + int(words[12])


class Bench:
    """What all benchmarks share: the program, the server, how often."""

    def __init__(self, binary, work, port):
        self.binary = os.path.abspath(binary)
        self.work = work
        self.port = port
        self.rounds = max(1, int(os.environ.get("ROUNDS", "5")))
        self.on_client = os.environ.get("BENCH_ON_CLIENT", "").split()
        self.programs = os.environ.get("BENCH_PROGRAMS", work)
        self.server_pid = int(os.environ["BENCH_SERVER"])
        self.here = os.path.dirname(os.path.abspath(__file__))
        self.disturbance = 0.0  # the largest share of a core that others took during one run
        self.missed = 0
        self.failed = 0

    # --- Programs ---------------------------------------------------------------------------

    def run(self, argv, environment=None):
        """Run a program on the clients' core and wait for it."""
        out_path, err_path = (os.path.join(self.work, name) for name in ("out", "err"))
        with open(out_path, "wb") as out, open(err_path, "wb") as err:
            others = busy_ticks() - process_ticks(self.server_pid)
            begin_ns, begin_wall_ns = time.monotonic_ns(), time.time_ns()
            child = subprocess.Popen(self.on_client + argv, stdin=subprocess.DEVNULL, stdout=out,
                                     stderr=err, env={**os.environ, **(environment or {})})
            try:
                _, status, usage = os.wait4(child.pid, 0)
            except BaseException:  # told to stop: nothing is left behind
                child.kill()
                child.wait()
                raise
            wall_s = (time.monotonic_ns() - begin_ns) / 1e9
            others = busy_ticks() - process_ticks(self.server_pid) - others
        child.returncode = os.waitstatus_to_exitcode(status)
        cpu_s = usage.ru_utime + usage.ru_stime
        if wall_s > 0.3:
            self.disturbance = max(self.disturbance, (others / CLOCK_TICKS - cpu_s) / wall_s)
        with open(out_path, encoding="utf-8", errors="replace") as out:
            out_text = out.read()
        with open(err_path, encoding="utf-8", errors="replace") as err:
            err_text = err.read()
        return Run(child.returncode, out_text, err_text, wall_s, cpu_s, usage.ru_maxrss * 1024,
                   begin_ns, begin_wall_ns)

    def gauntlet(self, scenario, settings=(), flags=(), uses_server=False):
        """Run a scenario of this folder (or a path); its result.json comes with it."""
        folder = os.path.join(self.work, "result")
        shutil.rmtree(folder, ignore_errors=True)
        argv = [self.binary, "run", os.path.join(self.here, scenario), "--quiet", "--out", folder]
        for setting in settings:
            argv += ["--set", setting]
        if uses_server:
            argv += ["--uri", f"redis://127.0.0.1:{self.port}/0"]
        # Charts are drawn by another program, whose cost has nothing to do with messages.
        run = self.run(argv + list(flags), {"GAUNTLET_GNUPLOT": ""})
        try:
            with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
                run.result = json.load(file)
        except (OSError, ValueError) as error:
            raise Failure(f"exit code {run.code}: {run.err.strip() or error}") from error
        if run.code not in (0, 3):
            reasons = "; ".join(reason["text"] for reason in run.result.get("reasons", []))
            raise Failure(f"verdict {run.result.get('verdict')}: {reasons or run.err.strip()}")
        return run

    def ceiling(self, name, *arguments):
        """Run a ceiling program; the numbers it prints."""
        program = os.path.join(self.programs, "ceiling_" + name)
        run = self.run([program] + [str(argument) for argument in arguments])
        if run.code != 0:
            raise Failure(f"ceiling_{name}: {run.err.strip()}")
        return {key: float(value)
                for key, value in (line.split("=", 1) for line in run.out.splitlines())}

    # --- The server -------------------------------------------------------------------------

    def ask(self, *words):
        """One command to the server, one answer of one line or one bulk string."""
        with socket.create_connection(("127.0.0.1", self.port), 60) as connection:
            connection.sendall(" ".join(words).encode() + b"\r\n")
            answer = b""
            while not answer.endswith(b"\r\n"):
                answer += connection.recv(65536)
            if answer.startswith(b"$"):
                size = int(answer.split(b"\r\n", 1)[0][1:])
                while len(answer.split(b"\r\n", 1)[1]) < size + 2:
                    answer += connection.recv(65536)
        return answer.decode(errors="replace")

    def wipe(self):
        """An empty server for whoever is next."""
        self.ask("FLUSHALL", "SYNC")

    def input_bytes(self):
        """Bytes the server has read so far."""
        for line in self.ask("INFO", "stats").splitlines():
            if line.startswith("total_net_input_bytes:"):
                return int(line.split(":")[1])
        raise Failure("the server does not say what it read")

    # --- In turn ----------------------------------------------------------------------------

    def interleave(self, subjects, rounds=None, wipe=True):
        """Run the subjects in turn, A B A B ...; what each measured, round by round."""
        measured = {name: [] for name in subjects}
        for _ in range(rounds or self.rounds):
            for name, subject in subjects.items():
                measured[name].append(subject())
                if wipe:
                    self.wipe()
        return measured


def median(values):
    return statistics.median(values)


def column(measured, name, key):
    return [values[key] for values in measured[name]]


def ratios(above, below):
    """Round by round: machines drift, and neighbours in time drift together."""
    return [a / b if b else float("inf") for a, b in zip(above, below)]


def say(line=""):
    print(line)
    sys.stdout.flush()
